import psycopg
import pytest

from tests.adapters.unerasable import store_carts
from tests.cli.conftest import Runner
from tests.cli.shelf import Shelf
from totetaxi_adapters.wiring import Wiring

AS_ROOT = ("--as", "root")
LAPSED = "INSERT INTO provider_events VALUES ('evt_1', 'refund.failed', '2020-01-01')"


@pytest.fixture
def with_old(totetaxi: Runner, database_url: str) -> Runner:
    """Return commands on a house with one event that came years ago."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(LAPSED)
    return totetaxi


def counts(answer: Runner, *arguments: str) -> dict[str, int]:
    results = answer(*arguments, "--json").json["results"]
    return {one["kind"]: one.get("gone", one.get("past_time")) for one in results}


def test_given_something_old_when_run_then_it_goes_only_once_one_is_sure(
    with_old: Runner,
) -> None:
    shown = counts(with_old, "retention", "show")
    unsure = with_old("retention", "run", *AS_ROOT)
    gone = counts(with_old, "retention", "run", "--yes", *AS_ROOT)
    after = counts(with_old, "retention", "show")

    assert shown["provider_events"] == gone["provider_events"] == 1
    assert sum(shown.values()) == sum(gone.values()) == 1
    assert "--yes lets them go" in unsure.err
    assert "provider events" in unsure.out
    assert sum(after.values()) == 0
    listed = with_old("audit", "list", "--action", "retention_swept", "--json").json["results"]
    assert [one["description"] for one in listed] == ["past their time: 1 provider events"]


def test_given_a_setting_when_shown_then_it_says_for_how_long(totetaxi: Runner) -> None:
    shown = totetaxi("retention", "show", RETENTION_BOOKINGS_DAYS="1000")
    refused = totetaxi("retention", "show", RETENTION_BOOKINGS_DAYS="30")

    assert "1,000 days" in shown.out
    assert refused.code == 1
    assert refused.err.startswith("RETENTION_BOOKINGS_DAYS: ")


def test_given_a_booking_that_cannot_be_erased_when_run_then_the_rest_goes_and_it_is_named(
    totetaxi: Runner, shelf: Shelf
) -> None:
    broken = shelf.wired(_store_carts)

    run = totetaxi("retention", "run", "--yes", "--json", *AS_ROOT)
    examined = totetaxi("doctor")
    shown = counts(totetaxi, "retention", "show")

    gone = {one["kind"]: one["gone"] for one in run.json["results"]}
    assert (run.code, gone["unpaid_bookings"], shown["unpaid_bookings"]) == (1, 1, 1)
    assert run.errors[-1] == (
        "bookings_not_erased: could not erase 1 of the bookings past their time:"
        f" {broken} (ProgrammingError)"
    )
    assert totetaxi("bookings", "show", broken, *AS_ROOT).code == 0
    assert "warn  retention      bookings over 1 d beyond their time: 1" in examined.out
    assert "-> `totetaxi retention run --yes --as NAME`" in examined.out


async def _store_carts(wiring: Wiring) -> str:
    """Return the number of the one that stays."""
    broken, _ = await store_carts(wiring)
    async with wiring.ports.unit_of_work() as uow:
        return (await uow.bookings.get(broken)).booking_number
