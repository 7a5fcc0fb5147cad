from tests.cli.conftest import Runner

NOW = "2026-11-23T15:00:00Z"
WEEK = ("--from", "2026-11-23", "--to", "2026-11-28")


def test_given_a_week_when_asked_then_starts_have_crews_and_closed_dates_a_reason(
    totetaxi: Runner,
) -> None:
    shown = totetaxi("availability", *WEEK, TOTETAXI_NOW=NOW)

    rows = [line.split() for line in shown.out.splitlines() if line.strip()]
    assert shown.code == 0
    assert rows[0][:3] == ["date", "7:00", "7:30"]
    assert ["Mon", "2026-11-23", "closed:", "same", "day"] in rows
    assert ["Tue", "2026-11-24", *["3"] * 11] in rows
    assert ["Thu", "2026-11-26", "closed:", "holiday"] in rows
    assert ["Sat", "2026-11-28", "closed:", "weekend"] in rows


def test_given_json_when_asked_then_it_is_what_http_answers(totetaxi: Runner) -> None:
    shown = totetaxi("availability", *WEEK, "--service", "mini_move", "--json", TOTETAXI_NOW=NOW)

    tuesday = shown.json["days"][1]
    assert tuesday["date"] == "2026-11-24"
    assert (tuesday["open"], tuesday["reason"]) == (True, None)
    assert tuesday["slots"][0] == {"time": "07:00", "crews_left": 3}


def test_given_no_dates_when_asked_then_two_weeks_from_today_are_shown(totetaxi: Runner) -> None:
    shown = totetaxi("availability", "--json", TOTETAXI_NOW="2026-11-24T03:00:00Z")

    days = [day["date"] for day in shown.json["days"]]
    assert (days[0], days[-1], len(days)) == ("2026-11-23", "2026-12-06", 14)


def test_given_a_backward_range_and_an_unknown_slug_when_asked_then_each_is_refused(
    totetaxi: Runner,
) -> None:
    backward = totetaxi("availability", "--from", "2026-12-02", "--to", "2026-12-01")
    unknown = totetaxi("availability", "--package", "huge", "--from", "soon")

    assert (backward.code, backward.err) == (
        2,
        "out_of_order end_date: must not be before start_date\n",
    )
    assert unknown.code == 2
    assert {line.partition(":")[0] for line in unknown.errors} == {
        "not_a_date start_date",
        "not_a_date end_date",
        "unknown_slug --package",
    }
