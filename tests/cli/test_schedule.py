"""The schedule on the command line: a month to read, and changes by whoever may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.cli.conftest import Runner, order_of
from tests.cli.staffing import hire

AS_MARIA, AS_LOU = ("--as", "maria"), ("--as", "lou")
NOW = "2026-11-25T15:00:00Z"  # a Wednesday, 10:00 in New York
TUESDAY = "2026-12-01"


@pytest.fixture
def schedule(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Return the command line of a house with an admin, lou, and maria who keeps the schedule."""
    totetaxi = replace(totetaxi, environ={**totetaxi.environ, "TOTETAXI_NOW": NOW})
    hire(totetaxi, monkeypatch, "lou", "admin")
    flag = ("--flag", "can_manage_schedule")
    hire(totetaxi, monkeypatch, "maria", "customer_service", *flag, *AS_LOU)
    return totetaxi


def test_given_a_season_when_staff_arrange_it_then_a_month_shows_it_and_who_is_in_the_way(
    schedule: Runner,
) -> None:
    orders = [order_of(TUESDAY, "09:00", email=f"guest{n}@example.com") for n in range(2)]
    booked = [schedule("bookings", "create", *order, *AS_LOU, "--json").json for order in orders]
    numbers = [one["booking"]["booking_number"] for one in booked]
    reason = ("--reason", "Thanksgiving week")

    closed = schedule("schedule", "close", "2026-11-30..2026-12-01", *reason, *AS_MARIA)
    opened = schedule("schedule", "open", "2026-12-19", *AS_MARIA)
    below = schedule("schedule", "crews", TUESDAY, "1", *AS_MARIA)
    fridays = schedule("schedule", "crews", "friday", "4", *AS_MARIA, "--json").json
    month = schedule("schedule", "show", "2026-12").out
    days = schedule("schedule", "show", "2026-12", "--json").json["days"]

    assert closed.code == opened.code == 0
    assert closed.out.startswith("closed Mon 2026-11-30 to Tue 2026-12-01: Thanksgiving week; ")
    assert opened.out.startswith("opened Sat 2026-12-19; the schedule is version 2 now")
    assert all(
        f"warning: {number} (pending) stands on Tue 2026-12-01" in closed.out for number in numbers
    )
    assert (below.code, below.out) == (1, "")
    assert below.err.startswith("crews_below_taken: 2 crews are taken at 09:00 on Tuesday")
    assert all(number in below.err for number in numbers)
    assert fridays["schedule"]["crews_by_weekday"] == [{"weekday": "friday", "crews": 4}]
    shown = [line.strip() for line in month.splitlines()]
    assert shown[0] == "December 2026"
    assert shown[2].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert "Tue 1 Dec: closed, Thanksgiving week" in shown
    assert "Fri 25 Dec: Christmas Day" in shown
    assert "Sat 19 Dec: open, though it is a Saturday" in shown
    assert "Fri 4 Dec: 4 crews, where 3 are usual" in shown
    assert f"Tue 1 Dec: {numbers[0]} at 09:00 stands" in shown
    assert [day["closed_by"] for day in days[:5]] == [["closed"], [], [], [], ["weekend"]]
    assert (days[0]["taken"], days[0]["crews"], days[0]["busy_at"]) == (2, 3, "09:00")


def test_given_settings_when_set_then_bookings_and_availability_obey_and_history_tells(
    schedule: Runner,
) -> None:
    wanted = ("--closed-weekdays", "none", "--horizon-days", "20", "--last-pickup-at", "10:00")
    set_ = schedule("schedule", "set", *wanted, "--reason", "the season", *AS_MARIA, "--json").json

    days = schedule("availability", "--from", "2026-12-05", "--to", "2026-12-16", "--json").json
    late = schedule("bookings", "create", *order_of("2026-12-05", "10:30"), *AS_LOU)
    usual = schedule("schedule", "crews", "default", "2", *AS_MARIA)
    history = schedule("schedule", "history", "--json").json["results"]
    settings = schedule("schedule", "settings").out

    assert (set_["schedule"]["version"], set_["schedule"]["closed_weekdays"]) == (1, [])
    first, last = days["days"][0], days["days"][-1]
    assert (first["open"], first["slots"][-1]["time"]) == (True, "10:00")
    assert last["reason"] == "horizon"
    assert (late.code, late.err.split()[0]) == (2, "outside_pickup_hours")
    assert usual.code == 0
    assert [(one["version"], one["changed_by"], one["reason"]) for one in history] == [
        (2, "maria", ""),
        (1, "maria", "the season"),
    ]
    assert "last pickup at              10:00" in settings


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("close", "2020-11-24", "--reason", "x"), "past start_date"),
        (("close", "2026-12-04..2026-12-01", "--reason", "x"), "out_of_order end_date"),
        (("close", "tomorrow", "--reason", "x"), "not_a_date start_date"),
        (("crews", "2026-12-01", "many"), "wrong_type crews_by_date.0.crews"),
        (("crews", "default", "100"), "too_large default_crews"),
        (("crews", "default", "9" * 5_000), "wrong_type default_crews"),
        (("set",), "no_change body"),
        (("set", "--closed-weekdays", "someday"), "invalid_choice closed_weekdays.0"),
        (("show", "2026-13"), "bad_format month"),
    ],
)
def test_given_bad_input_when_typed_then_each_fault_is_named(
    totetaxi: Runner, arguments: tuple[str, ...], told: str
) -> None:
    staff = () if arguments[0] == "show" else AS_MARIA

    refused = totetaxi("schedule", *arguments, *staff)

    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(told)


def test_given_no_permission_when_the_schedule_is_changed_then_it_is_refused_and_on_record(
    schedule: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(schedule, monkeypatch, "drew", "logistics", *AS_LOU)
    friday = date(2026, 12, 4) + timedelta(days=7)

    refused = schedule("schedule", "close", str(friday), "--reason", "x", "--as", "drew")
    schedule("schedule", "close", str(friday), "--reason", "inventory", *AS_MARIA)
    acts = schedule("audit", "list", "--json").json["results"]

    assert (refused.code, refused.err.split(":")[0]) == (1, "permission_denied")
    newest, before = acts[0], acts[1]
    assert (newest["action_type"], newest["staff_name"]) == ("schedule_changed", "maria")
    assert newest["after"]["closed_dates"] == "2026-12-11"
    assert (before["action_type"], before["staff_name"]) == ("permission_denied", "drew")
