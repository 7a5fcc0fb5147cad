"""The desk and the list of payments on the command line, and refusals on record."""

import pytest

from tests.cli.conftest import Runner, open_starts, order_of
from tests.cli.staffing import hire

AS_ROOT = ("--as", "root")
NO_SUCH = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def staffed(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The command line of a house with an admin called root."""
    assert hire(totetaxi, monkeypatch, "root", "admin").code == 0
    return totetaxi


def test_given_a_booking_when_the_desk_is_shown_then_it_is_counted_for_people_and_programs(
    staffed: Runner,
) -> None:
    day, start = open_starts(staffed)[0]
    made = staffed("bookings", "create", *AS_ROOT, *order_of(day, start), "--json").json
    on_that_day = {"TOTETAXI_NOW": f"{day}T12:00:00Z"}

    told = staffed("dashboard", "--json", **on_that_day).json
    shown = staffed("dashboard", **on_that_day)

    number = made["booking"]["booking_number"]
    assert told["today"]["date_from"] == day
    assert [(one["booking_number"], one["crews_left"]) for one in told["pickups"]] == [(number, 2)]
    assert told["week"]["bookings"]["pending"] == 1
    assert told["week"]["money"]["net_cents"] == 0
    assert shown.code == 0
    assert number in shown.out
    assert "refunds to decide on" in shown.out


def test_given_payments_when_listed_then_they_come_by_pages(staffed: Runner) -> None:
    day, start = open_starts(staffed)[0]
    numbers = []
    for email in ("ada@example.com", "bea@example.com"):
        order = order_of(day, start, email=email)
        made = staffed("bookings", "create", *AS_ROOT, *order, "--json").json
        numbers.append(made["booking"]["booking_number"])

    first = staffed("payments", "list", "--limit", "1", "--json").json
    rest = staffed("payments", "list", "--after", first["next"], "--json").json
    of_one = staffed("payments", "list", "--booking", numbers[0], "--status", "pending")
    none = staffed("payments", "list", "--to", "2020-01-01", "--json").json
    wrong = staffed("payments", "list", "--after", "yesterday")

    listed = [one["booking_number"] for one in (*first["results"], *rest["results"])]
    assert listed == numbers[::-1]
    assert (rest["next"], none["results"]) == (None, [])
    assert numbers[0] in of_one.out
    assert numbers[1] not in of_one.out
    assert (wrong.code, wrong.err.split(" ")[:2]) == (2, ["bad_format", "--after:"])


def test_given_a_refusal_of_the_business_when_a_command_ends_then_it_is_on_record(
    staffed: Runner,
) -> None:
    refused = staffed("refunds", "approve", NO_SUCH, *AS_ROOT)
    invalid = staffed("staff", "change", "root", "--phone", "1", *AS_ROOT)

    acts = staffed("audit", "list", "--refused", "--json").json["results"]
    assert (refused.code, invalid.code) == (1, 2)
    assert refused.err.startswith("refund_not_found")
    assert [(one["staff_name"], one["action_type"], one["subject"]) for one in acts] == [
        ("root", "approve_refunds", "refunds approve")
    ]
    assert acts[0]["description"].startswith("refund_not_found: ")
    assert acts[0]["channel"] == "cli"


def test_given_a_member_when_nothing_would_change_then_exit_2_and_it_is_not_on_record(
    staffed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(staffed, monkeypatch, "maria", "finance", *AS_ROOT)

    changed = staffed("staff", "change", "maria", "--hire-date", "2026-02-01", *AS_ROOT)
    same = staffed("staff", "change", "maria", "--hire-date", "2026-02-01", *AS_ROOT)
    nothing = staffed("staff", "change", "maria", *AS_ROOT)

    acts = staffed("audit", "list", "--action", "staff_changed", "--json").json["results"]
    assert [changed.code, same.code, nothing.code] == [0, 2, 2]
    assert same.err.startswith("no_change")
    assert [one["after"] for one in acts] == [{"hire_date": "2026-02-01"}]
