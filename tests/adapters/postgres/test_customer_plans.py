"""The customer desk stays flat: in a table with many rows each question has an index of its own."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import ClauseElement, make_url

from tests.builders import NOW, an_id
from tests.conftest import fresh_database, named
from totetaxi_adapters.postgres import customer_desk
from totetaxi_core.bookings.find_bookings import SearchKind

DIALECT = make_url("postgresql+psycopg://").get_dialect()()
ROWS = 20_000
FILL = """
INSERT INTO customers (id, email, first_name, last_name, phone, password_hash, created_at,
    updated_at, preferred_pickup_time, email_notifications, sms_notifications, total_bookings,
    total_spent_cents, is_vip, token_version)
SELECT gen_random_uuid(), md5(n::text) || '@example.com', md5('f' || n), md5('l' || n),
    '+1212' || lpad(n::text, 7, '0'), 'hash', now() - n * interval '1 minute', now(),
    'mid_morning', true, false, 0, 0, n %% 200 = 0, 1
FROM generate_series(1, %s) AS n
"""
PAGE = {"limit": 20}
PLACE: dict[str, object] = {"place_at": NOW, "place_id": an_id(), **PAGE}
SEARCH: dict[str, object] = {"prefix": "c4ca4238a0b9", "beyond": "c4ca4238a0ba", **PAGE}
OLDER = customer_desk.NEWEST_FIRST.where(customer_desk.PLACE < customer_desk.AT)
NEWER = customer_desk.OLDEST_FIRST.where(customer_desk.PLACE > customer_desk.AT)
PLANS: list[tuple[tuple[str, ...], ClauseElement, dict[str, object]]] = [
    (("ix_customers_created_at_id",), customer_desk.NEWEST_FIRST, {**PAGE}),
    (("ix_customers_created_at_id",), OLDER, PLACE),
    (("ix_customers_created_at_id",), NEWER, PLACE),
    (("ix_customers_created_at_id",), OLDER.where(customer_desk.VIP[False]), PLACE),
    (("ix_customers_created_at_id_vip",), OLDER.where(customer_desk.VIP[True]), PLACE),
    *(
        (indexes, customer_desk.NEWEST_FIRST.where(customer_desk.SEARCHED[kind]), SEARCH)
        for kind, indexes in {
            SearchKind.NUMBER: ("uq_bookings_booking_number", "pk_customers"),
            SearchKind.EMAIL: ("ix_customers_email_search",),
            SearchKind.PHONE: ("ix_customers_phone",),
            SearchKind.NAME: ("ix_customers_last_name_search", "ix_customers_full_name_search"),
        }.items()
    ),
]


@pytest.fixture(scope="module")
def filled_url(postgres_url: str, template: str) -> Iterator[str]:
    """Return a database with many customers."""
    with fresh_database(postgres_url, template=template) as name:
        url = named(postgres_url, name)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FILL, (ROWS,))
            connection.execute("ANALYZE customers")
        yield url


@pytest.mark.parametrize(("indexes", "query", "values"), PLANS)
def test_given_many_customers_when_they_are_found_then_no_question_reads_them_all(
    filled_url: str, indexes: tuple[str, ...], query: ClauseElement, values: dict[str, object]
) -> None:
    compiled = query.compile(dialect=DIALECT)

    with psycopg.connect(filled_url) as connection:
        explain = f"EXPLAIN {compiled}".encode()
        rows = connection.execute(explain, {**compiled.params, **values}).fetchall()
    plan = "\n".join(line for (line,) in rows)

    assert [index for index in indexes if index not in plan] == []
    assert "Seq Scan on customers" not in plan
