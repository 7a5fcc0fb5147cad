"""No oversell, from eight processes at once."""

from tests.cli.conftest import Processes, Runner, open_starts, order_of

RACERS = 8
CREWS = 3


def test_given_three_crews_when_eight_processes_book_at_once_then_exactly_three_get_one(
    processes: Processes, totetaxi: Runner
) -> None:
    day, start = open_starts(totetaxi)[0]

    racing = [
        processes.start(
            *("bookings", "create", "--as", "maria", "--json"),
            *order_of(day, start, email=f"guest{number}@example.com"),
        )
        for number in range(RACERS)
    ]
    ended = [processes.end_of(process) for process in racing]

    won = [one for one in ended if one.code == 0]
    lost = [one for one in ended if one.code == 1]
    assert (len(won), len(lost)) == (CREWS, RACERS - CREWS)
    assert {one.err.partition(":")[0] for one in lost} == {"slot_unavailable"}
    stored = totetaxi("bookings", "list", "--json").json["results"]
    assert {one["id"] for one in stored} == {one.json["booking"]["id"] for one in won}
    left = totetaxi("availability", "--from", day, "--to", day, "--json").json["days"][0]
    assert {slot["crews_left"] for slot in left["slots"] if slot["time"] == start} == {0}
