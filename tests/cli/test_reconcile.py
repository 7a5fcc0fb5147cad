"""`totetaxi reconcile`: what it says, how it ends, and for which days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from tests.cli.conftest import Processes, Runner, address_in, open_starts, order_of, ready_line

AS_MARIA = ("--as", "maria")
AHEAD = timedelta(minutes=20)  # so that nothing is on its way any more
DEADLINE_S = 30
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def service(processes: Processes) -> Iterator[httpx.Client]:
    url = address_in(ready_line(processes.start("serve", "--port", "0")))
    with httpx.Client(base_url=url, trust_env=False, timeout=DEADLINE_S) as http:
        yield http


@pytest.fixture
def totetaxi_later(totetaxi: Runner, service: httpx.Client) -> Runner:
    """The command line beside a service whose sandbox it finds, by a clock that is ahead."""
    later = {"PORT": str(service.base_url.port), "TOTETAXI_NOW": in_a_while().isoformat()}
    return Runner(
        environ={**totetaxi.environ, **later}, capture=totetaxi.capture, patch=totetaxi.patch
    )


@pytest.fixture
def confirmed_unpaid(totetaxi: Runner, service: httpx.Client, database_url: str) -> str:
    """The number of a booking that stands though nobody has paid for it."""
    runner = Runner(
        environ={**totetaxi.environ, "PORT": str(service.base_url.port)},
        capture=totetaxi.capture,
        patch=totetaxi.patch,
    )
    day, start = open_starts(runner)[-1]
    made = runner("bookings", "create", *AS_MARIA, *order_of(day, start), "--json").json
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE bookings SET status = 'confirmed', confirmed_at = now(),"
            " hold_expires_at = NULL WHERE booking_number = %s",
            (made["booking"]["booking_number"],),
        )
    number: str = made["booking"]["booking_number"]
    return number


def in_a_while() -> datetime:
    return datetime.now(UTC) + AHEAD


def test_given_an_empty_house_when_reconciled_then_it_ends_well_and_says_for_which_days(
    totetaxi_later: Runner,
) -> None:
    today = in_a_while().astimezone(NEW_YORK).date()

    done = totetaxi_later("reconcile")
    told = totetaxi_later("reconcile", "--json").json

    first = today - timedelta(days=2)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{first} to {today}: 0 drifts, 0 repaired, 0 left\n"
    assert told == {
        "date_from": str(first),
        "date_to": str(today),
        "compared": 0,
        "unrepaired": 0,
        "drifts": [],
    }


def test_given_a_drift_for_a_person_when_reconciled_then_it_is_named_and_the_exit_is_1(
    totetaxi_later: Runner, confirmed_unpaid: str
) -> None:
    shown = totetaxi_later("reconcile", "--repair")
    told = totetaxi_later("reconcile", "--repair", "--json")

    [drift] = told.json["drifts"]
    assert (shown.code, told.code) == (1, 1)
    assert "confirmed_without_payment" in shown.out
    assert confirmed_unpaid in shown.out
    assert "2 drifts, 1 repaired, 1 left" in shown.out  # its drive, owed by nobody, is ordered
    assert (drift["kind"], drift["outcome"]) == ("confirmed_without_payment", "left")
    assert (drift["booking_number"], drift["repair"]) == (confirmed_unpaid, None)
    assert drift["note"] in shown.out
    assert told.json["unrepaired"] == 1


def test_given_a_drift_of_today_when_other_days_are_reconciled_then_it_is_not_theirs(
    totetaxi_later: Runner, confirmed_unpaid: str
) -> None:
    long_ago = ("--from", "2026-01-05", "--to", "2026-01-06")

    then = totetaxi_later("reconcile", *long_ago)
    today = totetaxi_later("reconcile", "--from", str(in_a_while().astimezone(NEW_YORK).date()))

    assert (then.code, then.out) == (
        0,
        "2026-01-05 to 2026-01-06: 0 drifts, 0 repaired, 0 left\n",
    )
    assert (today.code, confirmed_unpaid in today.out) == (1, True)


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "2026-02-30"),
        ("--to", "tomorrow"),
        ("--from", "2026-01-06", "--to", "2026-01-05"),
    ],
)
def test_given_days_that_are_none_when_reconciled_then_it_is_wrong_usage(
    totetaxi: Runner, options: tuple[str, ...]
) -> None:
    refused = totetaxi("reconcile", *options)

    assert refused.code == 2
    assert options[-2] in refused.err


def test_given_a_silent_stripe_when_reconciled_then_the_refusal_is_one_line(
    totetaxi: Runner,
) -> None:
    refused = totetaxi(
        "reconcile", STRIPE_API_BASE="http://127.0.0.1:1", STRIPE_SECRET_KEY="sk_test_x"
    )

    assert refused.code == 1
    assert refused.out == ""
    assert [line.partition(":")[0] for line in refused.errors] == ["payment_unavailable"]
