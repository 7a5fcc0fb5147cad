"""`totetaxi bookings reschedule`."""

from tests.cli.conftest import Runner, open_starts
from tests.cli.test_bookings import AS_MARIA, booked


def to(start: tuple[str, str]) -> tuple[str, ...]:
    return ("--date", start[0], "--time", start[1])


def test_given_a_pending_booking_when_rescheduled_then_it_has_moved_and_it_is_on_record(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]
    there = open_starts(totetaxi)[3]

    asked = totetaxi("bookings", "reschedule", number, *AS_MARIA, *to(there))
    moved = totetaxi("bookings", "reschedule", number, *AS_MARIA, *to(there), "--yes")

    file = totetaxi("bookings", "show", number, *AS_MARIA, "--json").json
    assert asked.code == 1
    assert f"$995.00 in place of $995.00. Move {number}?" in asked.out
    assert moved.out.strip() == f"{number} is on {there[0]} {there[1]}, for $995.00"
    assert (file["booking"]["pickup_date"], file["booking"]["pickup_time"]) == there
    assert [act["description"] for act in file["staff_acts"]][-1] == (
        f"moved {number} to {there[0]} {there[1]}"
    )


def test_given_a_program_when_it_does_not_say_the_total_then_it_is_told_to(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]
    there = open_starts(totetaxi)[3]
    command = ("bookings", "reschedule", number, *AS_MARIA, *to(there), "--json")

    vague = totetaxi(*command)
    wrong = totetaxi(*command, "--expect-total-cents", "1")
    right = totetaxi(*command, "--expect-total-cents", "99500")

    assert (vague.code, wrong.code, right.code) == (2, 1, 0)
    assert "--expect-total-cents: say what it is to cost (99500)" in vague.err
    assert wrong.err.startswith("price_changed")
    assert right.json["booking"]["pickup_date"] == there[0]
    assert right.json["reschedule"] is None


def test_given_a_weekend_when_rescheduled_then_only_a_reason_opens_it(totetaxi: Runner) -> None:
    number = booked(totetaxi).json["booking"]["booking_number"]
    answer = totetaxi("availability", "--json").json
    weekend = next(one["date"] for one in answer["days"][2:] if one["reason"] == "weekend")
    command = ("bookings", "reschedule", number, *AS_MARIA, *to((weekend, "09:30")), "--yes")

    refused = totetaxi(*command)
    moved = totetaxi(*command, "--override-reason", "the elevator works only then")

    assert refused.code == 2
    assert "weekend" in refused.err
    assert moved.code == 0, moved.err
    assert "for $1,170.00" in moved.out
