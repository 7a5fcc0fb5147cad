import json
import os
from collections.abc import Sequence

import psycopg
import pytest

from benchmarks.booking import capture
from benchmarks.booking_house import touch_every_day
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.measures import MEASURES
from benchmarks.progress import Progress
from benchmarks.report import as_json, as_table
from benchmarks.temporary_postgres import temporary_postgres

# The others start many processes, or fill whole tables.
SLOW = ("backup", "growth", "rehearsal", "sizing", "start")
QUICK = [name for name in MEASURES if name not in SLOW]
MEASURED = list(MEASURES) if os.environ.get("TOTETAXI_SOAK") else QUICK


@pytest.mark.parametrize("name", MEASURED)
def test_given_the_least_effort_when_measured_then_every_figure_is_a_number(name: str) -> None:
    figures = list(MEASURES[name].run(Effort.least(), Progress(quiet=True)))

    assert figures
    assert all(figure.value > 0 for figure in figures)
    assert all(figure.limit is None or figure.limit > 0 for figure in figures)


def test_given_a_logged_booking_when_pgbench_runs_it_then_it_books_as_often() -> None:
    with temporary_postgres() as postgres:
        url = postgres.database("booking")
        touch_every_day(url)
        script = capture(postgres, url)
        before = counts(url)

        script.run(url, clients=2, seconds=1)

        after = counts(url)
    booked = after[0] - before[0]
    assert before[0] == 2
    assert booked > 0
    assert [more - less for more, less in zip(after, before, strict=True)] == [booked] * len(after)


def counts(url: str) -> Sequence[int]:
    """Count what every booking leaves behind; a crew is taken for four half hours."""
    sums = (
        "(SELECT count(*) FROM bookings)",
        "(SELECT count(DISTINCT booking_id) FROM quote_lines)",
        "(SELECT count(*) FROM payments)",
        "(SELECT count(*) FROM payment_attempts)",
        "(SELECT count(*) FROM owed_effects)",
        "(SELECT count(*) FROM procrastinate_jobs)",
        "(SELECT sum(taken) / 4 FROM crew_half_hours)",
    )
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT " + ", ".join(sums)).fetchone()
    return [int(value) for value in row or ()]


@pytest.mark.parametrize(
    ("value", "limit", "at_most", "holds"),
    [(9, 10, True, True), (11, 10, True, False), (9, 10, False, False), (9, None, False, True)],
)
def test_given_a_limit_when_compared_then_it_holds_or_is_missed(
    value: float, limit: float | None, *, at_most: bool, holds: bool
) -> None:
    figure = Figure(name="Speed", value=value, unit="/s", limit=limit, at_most=at_most)

    table, read = as_table([figure]), json.loads(as_json([figure]))

    assert figure.holds is holds
    assert ("MISSED" in table) is not holds
    assert read[0]["holds"] is holds
