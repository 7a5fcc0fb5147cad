import json
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Runner, open_starts, order_of
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING

AS_MARIA = ("--as", "maria")


def booked(totetaxi: Runner, *, email: str = "ada@example.com", place: int = 0) -> Outcome:
    day, start = open_starts(totetaxi)[place]
    made = totetaxi("bookings", "create", *AS_MARIA, *order_of(day, start, email=email), "--json")
    assert made.code == 0, made.err
    return made


def test_given_an_order_when_created_then_number_total_hold_token_and_intent_are_told(
    totetaxi: Runner,
) -> None:
    day, start = open_starts(totetaxi)[0]

    made = totetaxi("bookings", "create", *AS_MARIA, *order_of(day, start))

    facts = dict(line.split("  ", 1) for line in made.out.splitlines())
    assert made.code == 0
    assert facts["number"].strip().startswith("TT-")
    assert facts["total"].strip() == "$995.00"
    assert facts["hold until"].endswith(" UTC")
    assert facts["manage token"]
    assert facts["payment intent"].strip().startswith("pi_")
    assert "pay at" not in facts  # nobody serves


def test_given_an_order_when_created_then_the_act_is_on_record(totetaxi: Runner) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]

    file = totetaxi("bookings", "show", number, *AS_MARIA, "--json").json

    assert file["booking"]["status"] == "pending"
    assert [(act["staff_name"], act["action_type"]) for act in file["staff_acts"]] == [
        ("maria", "booking_create")
    ]
    assert file["payments"][0]["attempts"][0]["payment_intent_id"].startswith("pi_")


def test_given_the_name_in_the_environment_when_created_then_it_counts(totetaxi: Runner) -> None:
    day, start = open_starts(totetaxi)[0]

    made = totetaxi("bookings", "create", *order_of(day, start), "--json", TOTETAXI_STAFF="Lou")

    number = made.json["booking"]["booking_number"]
    file = totetaxi("bookings", "show", number, *AS_MARIA, "--json").json
    assert [act["staff_name"] for act in file["staff_acts"]] == ["Lou"]


def test_given_no_name_when_created_then_it_is_wrong_usage(totetaxi: Runner) -> None:
    refused = totetaxi("bookings", "create", *order_of("2026-12-01", "09:30"))

    assert refused.code == 2
    assert "TOTETAXI_STAFF" in refused.err


@pytest.mark.parametrize("name", ["guest", "System", " ", "a" * 101])
def test_given_a_name_of_nobody_when_created_then_it_is_refused(
    totetaxi: Runner, name: str
) -> None:
    refused = totetaxi("bookings", "create", "--as", name, *order_of("2026-12-01", "09:30"))

    assert refused.code == 2
    assert " --as: " in refused.err


def test_given_a_weekend_when_created_then_only_a_reason_opens_it(totetaxi: Runner) -> None:
    answer = totetaxi("availability", "--json").json
    weekend = next(one["date"] for one in answer["days"][2:] if one["reason"] == "weekend")
    order = order_of(weekend, "09:30")

    refused = totetaxi("bookings", "create", *AS_MARIA, *order)
    made = totetaxi(
        "bookings", "create", *AS_MARIA, *order, "--override-reason", "the owner asks", "--json"
    )

    assert refused.code == 2
    assert refused.err.startswith("weekend pickup_date: ")
    number = made.json["booking"]["booking_number"]
    file = totetaxi("bookings", "show", number, *AS_MARIA, "--json").json
    assert "the owner asks" in file["staff_acts"][0]["description"]


def test_given_a_file_when_created_then_it_is_booked_as_http_would(
    totetaxi: Runner, tmp_path: Path
) -> None:
    day, start = open_starts(totetaxi)[0]
    file = tmp_path / "order.json"
    file.write_text(json.dumps({**EXAMPLE_BOOKING, "pickup_date": day, "pickup_time": start}))

    made = totetaxi("bookings", "create", *AS_MARIA, "--file", str(file), "--json")

    assert made.code == 0
    assert made.json["booking"]["pickup_date"] == day


def test_given_standard_input_when_created_then_it_is_read_as_the_file(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b'{"pickup_time": "soon"}')))

    refused = totetaxi("bookings", "create", *AS_MARIA, "--file", "-")

    assert refused.code == 2
    assert "not_a_time pickup_time: must be a time such as 09:30" in refused.errors


def test_given_a_file_that_is_not_there_when_created_then_it_says_so(totetaxi: Runner) -> None:
    refused = totetaxi("bookings", "create", *AS_MARIA, "--file", "nowhere.json")

    assert refused.code == 1
    assert refused.err.startswith("system_error: ")
    assert "nowhere.json" in refused.err


def test_given_a_file_beside_options_when_created_then_it_is_wrong_usage(
    totetaxi: Runner, tmp_path: Path
) -> None:
    file = tmp_path / "order.json"
    file.write_text("{}")

    refused = totetaxi("bookings", "create", *AS_MARIA, "--file", str(file), "--coi")

    assert refused.code == 2


def test_given_three_bookings_when_listed_by_two_then_the_last_number_leads_on(
    totetaxi: Runner,
) -> None:
    numbers = [
        booked(totetaxi, email=f"ada{place}@example.com", place=place).json["booking"][
            "booking_number"
        ]
        for place in range(3)
    ]

    first = totetaxi("bookings", "list", "--limit", "2", "--json").json
    second = totetaxi("bookings", "list", "--limit", "2", "--after", first["next"], "--json").json

    shown = [one["booking_number"] for one in (*first["results"], *second["results"])]
    assert shown == numbers[::-1]
    assert second["next"] is None


def test_given_a_pending_booking_when_listed_by_status_then_it_is_found_there_alone(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]

    pending = totetaxi("bookings", "list", "--status", "pending")
    confirmed = totetaxi("bookings", "list", "--status", "confirmed", "--json")

    assert number in pending.out
    assert confirmed.json == {"results": [], "next": None}


def test_given_an_unpaid_booking_when_cancelled_then_it_is_over_and_on_record(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]

    cancelled = totetaxi("bookings", "cancel", number, *AS_MARIA)

    assert cancelled.code == 0
    assert cancelled.out.startswith(f"cancelled {number} at ")
    shown = totetaxi("bookings", "show", number, *AS_MARIA)
    assert "cancelled (staff)" in shown.out
    assert f"cancelled {number}, unpaid" in shown.out


def test_given_a_booking_when_shown_then_who_read_it_is_on_record(totetaxi: Runner) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]

    shown = totetaxi("bookings", "show", number, *AS_MARIA)
    nameless = totetaxi("bookings", "show", number)

    acts = totetaxi("audit", "list", "--action", "customer_read", "--json").json["results"]
    assert shown.code == 0
    assert nameless.code == 2
    assert [(act["staff_name"], act["description"]) for act in acts] == [
        ("maria", f"read {number}")
    ]


@pytest.mark.parametrize("command", ["show", "cancel"])
def test_given_an_unknown_number_when_asked_for_then_it_is_not_found(
    totetaxi: Runner, command: str
) -> None:
    refused = totetaxi("bookings", command, "TT-00000000", *AS_MARIA)

    assert refused.code == 1
    assert refused.err == "booking_not_found: there is no booking TT-00000000\n"


def test_given_a_booking_when_explained_then_lines_and_rules_come_with_reasons(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]

    told = totetaxi("explain", number.lower())
    everything = totetaxi("explain", number, "--json").json
    missing = totetaxi("explain", "TT-00000000")

    assert told.code == 0, told.err
    assert ["total", "$995.00"] in [line.split() for line in told.out.splitlines()]
    assert "weekend-mini_move" in told.out
    assert "weekend-standard_delivery" not in told.out
    assert {one["failed_condition"] for one in everything["rules"]} >= {"weekdays", "service_type"}
    assert (missing.code, missing.err.split(":")[0]) == (1, "booking_not_found")
