"""API processes behind PgBouncer in transaction mode; workers and migrations go past it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import TEMPLATE, create_database, named
from tests.nodes.booking_load import booking_load
from tests.nodes.debian_postgres import debian_postgres
from tests.nodes.pgbouncer import CONNECTIONS, ROLE, pgbouncer
from tests.scenarios.guest import an_order
from tests.scenarios.house import House, open_house
from totetaxi_adapters.postgres.migrations import upgrade

GUESTS: Final = 40
SOME: Final = 30
OF_THE_API: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s"
)
# As docs/sizing.md says: a pooler passes no options on.
ITS_ROLE: Final = (
    f"CREATE ROLE {ROLE} SUPERUSER LOGIN",
    f"ALTER ROLE {ROLE} SET statement_timeout = '30s'",
)


@pytest.fixture
def pooled_house(tmp_path: Path) -> Iterator[House]:
    """A house whose two API processes share few connections, on the oldest version we support."""
    with ExitStack() as stack:
        server_url = stack.enter_context(debian_postgres("15"))
        create_database(server_url, TEMPLATE)
        upgrade(named(server_url, TEMPLATE))
        house = stack.enter_context(open_house(server_url, TEMPLATE, tmp_path))
        for statement in ITS_ROLE:
            house.change(statement)
        pooled = stack.enter_context(pgbouncer(house.database_url))
        house.start("service_without_worker", DATABASE_URL=pooled, DATABASE_POOLER="true")
        house.start_another(DATABASE_URL=pooled, DATABASE_POOLER="true")
        house.start("worker")
        yield house


def test_given_a_pooler_when_guests_book_and_race_then_all_goes_as_without_one(
    pooled_house: House,
) -> None:
    house, on = pooled_house, pooled_house.next_open_date()

    with booking_load(house.url) as load:
        load.wait_for(SOME)
    with ThreadPoolExecutor(GUESTS) as threads:
        answers = list(threads.map(house.guest.book, [an_order(on) for _ in range(GUESTS)]))
    paid = load.booked[0]
    house.stripe.pay(paid.intent_id)
    house.wait_for_status(paid.id, "confirmed")

    assert load.failures == []
    assert {one.status_code for one in answers} <= {201, 409}
    assert house.crews_taken(on) == 3
    assert 1 <= house.rows(OF_THE_API, ROLE)[0]["count"] <= CONNECTIONS
    house.wait_until_nothing_is_owed()
