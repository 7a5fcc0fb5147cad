"""Lists stay flat as the tables grow: each finds its rows by an index, in the index's order."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import ClauseElement, make_url, tuple_

from tests.builders import NOW, PICKUP_DATE, an_id
from totetaxi_adapters.postgres import (
    bookings,
    crews,
    discount_uses,
    messages,
    outbox,
    payments,
    refunds,
)
from totetaxi_adapters.postgres.tables import bookings as table
from totetaxi_adapters.postgres.tables import refunds as refund_table

DIALECT = make_url("postgresql+psycopg://").get_dialect()()
PAGE = {"limit": 20}
AFTER = bookings.PAGE.where(tuple_(table.c.created_at, table.c.id) < (NOW, an_id()))
OLDER_REFUNDS = refunds.PAGE.where(
    tuple_(refund_table.c.created_at, refund_table.c.id) < (NOW, an_id())
)
SWEEP = {"now": NOW, "lost_since": NOW - timedelta(seconds=30), "limit": 100}
PLANS: list[tuple[str, ClauseElement, dict[str, object]]] = [
    ("ix_bookings_created_at_id", AFTER, {**PAGE}),
    (
        "ix_bookings_status_created_at_id",
        AFTER.where(table.c.status == "pending"),
        {**PAGE},
    ),
    ("uq_bookings_booking_number", bookings.GET_BY_NUMBER, {"number": "TT-1"}),
    ("ix_bookings_hold_expires_at", bookings.LAPSED, {"at": NOW, **PAGE}),
    ("ix_bookings_cart_key_standing", bookings.WITH_CART, {"cart_key": "k"}),
    ("pk_crew_half_hours", crews.TAKEN, {"start": PICKUP_DATE, "end": PICKUP_DATE}),
    (
        "ix_discount_uses_code_id_email_key",
        discount_uses.COUNT,
        {"code_id": an_id(), "email_key": "a"},
    ),
    ("ix_messages_to_created_at_id", messages.TO, {"address": "A@x.org", **PAGE}),
    ("ix_refunds_created_at_id", OLDER_REFUNDS, {**PAGE}),
    (
        "ix_refunds_status_created_at_id",
        OLDER_REFUNDS.where(refund_table.c.status == "requested"),
        {**PAGE},
    ),
    ("ix_owed_effects_due_at", outbox.DUE, SWEEP),
    ("ix_payment_attempts_unchecked_since", payments.TO_CHECK, {"checked_before": NOW, **PAGE}),
]


@pytest.mark.parametrize(("index", "query", "values"), PLANS)
def test_given_a_list_when_planned_then_it_walks_its_index_without_sorting_the_table(
    database_url: str, index: str, query: ClauseElement, values: dict[str, object]
) -> None:
    compiled = query.compile(dialect=DIALECT)
    parameters = {**compiled.params, **values}

    with psycopg.connect(database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        rows = connection.execute(f"EXPLAIN {compiled}".encode(), parameters).fetchall()
    plan = "\n".join(line for (line,) in rows)

    assert f"using {index}" in plan or f"Backward using {index}" in plan
    assert "Seq Scan on" not in plan
