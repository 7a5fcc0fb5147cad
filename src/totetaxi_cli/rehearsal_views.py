"""What a rehearsal found, as JSON, as CSV, and as tables."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import attrs
import typer

from totetaxi_cli.output import money, print_facts, print_table
from totetaxi_core.catalog import ServiceType
from totetaxi_core.rehearsal.simulate_book import Rehearsal
from totetaxi_core.rehearsal.tally import Sums

COLUMNS: Final = ("section", "name", "bookings", "before_cents", "after_cents", "change_cents")
FIGURES: Final = frozenset({"bookings", "before", "after", "change"})


@attrs.frozen(kw_only=True)
class SumsView:
    """How many bookings, what they cost, and what they would have cost."""

    section: str
    name: str
    bookings: int
    before_cents: int
    after_cents: int
    change_cents: int


@attrs.frozen(kw_only=True)
class ChangedBookingView:
    booking_number: str
    pickup_date: date
    service_type: ServiceType
    before_cents: int
    after_cents: int | None
    change_cents: int


@attrs.frozen(kw_only=True)
class RehearsalView:
    """`sums` are of everything, by service, line, week and customers.

    Customers are those who pay less, those who pay more, and those refused, by reason.
    """

    first_on: date
    last_on: date
    unchanged: int
    codes_lost: int
    sums: tuple[SumsView, ...]
    most_changed: tuple[ChangedBookingView, ...]
    never_fire: tuple[str, ...]
    uncovered_dates: tuple[date, ...]


def rehearsal_view(rehearsal: Rehearsal, *, first_on: date, last_on: date) -> RehearsalView:
    return RehearsalView(
        first_on=first_on,
        last_on=last_on,
        unchanged=rehearsal.unchanged,
        codes_lost=rehearsal.tally.codes_lost,
        sums=tuple(_sums(rehearsal)),
        most_changed=tuple(
            ChangedBookingView(
                booking_number=one.booking_number,
                pickup_date=one.pickup_date,
                service_type=one.service_type,
                before_cents=one.before_cents,
                after_cents=one.after_cents,
                change_cents=one.change_cents,
            )
            for one in rehearsal.most_changed
        ),
        never_fire=rehearsal.never_fire,
        uncovered_dates=rehearsal.uncovered_dates,
    )


def write_csv(view: RehearsalView, file: Path) -> None:
    """Write all sums, one a row.

    Raises:
        FileExistsError: the file is there; it was left as it is.
    """
    with file.open("x", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(attrs.astuple(sums) for sums in view.sums)


def print_rehearsal(view: RehearsalView) -> None:
    """Print the figures; of lines and weeks only those that differ."""
    if not view.sums[0].bookings:
        typer.echo(
            f"There is no booking to price anew from {view.first_on} to {view.last_on};"
            " cancelled ones do not count."
        )
        return
    _print_sums(view, "service", title="By service")
    _print_sums(view, "line", title="By line of the price, where it differs", differing=True)
    _print_sums(view, "week", title="By week, where it differs", differing=True)
    _print_sums(view, "customers", title="Who pays otherwise")
    if view.most_changed:
        print_table(
            ("booking", "pickup", "service", "before", "after", "change"),
            [
                (
                    one.booking_number,
                    one.pickup_date,
                    one.service_type.label,
                    money(one.before_cents),
                    "refused" if one.after_cents is None else money(one.after_cents),
                    money(one.change_cents),
                )
                for one in view.most_changed
            ],
            title="Most changed",
            right=FIGURES,
        )
    print_facts(
        [
            ("days", f"{view.first_on} to {view.last_on}"),
            ("unchanged", _bookings(view.unchanged)),
            ("lost codes", _bookings(view.codes_lost) if view.codes_lost else None),
            ("never charged", ", ".join(view.never_fire)),
            ("no surcharge any more", ", ".join(map(str, view.uncovered_dates))),
        ]
    )
    typer.echo(_in_a_line(view.sums[0]))


def _bookings(count: int) -> str:
    return "1 booking" if count == 1 else f"{count:,} bookings"


def _in_a_line(total: SumsView) -> str:
    sign = "+" if total.change_cents > 0 else ""
    return (
        f"{_bookings(total.bookings)}: {money(total.before_cents)} before, "
        f"{money(total.after_cents)} under the file: {sign}{money(total.change_cents)}"
    )


def _sums(rehearsal: Rehearsal) -> Iterator[SumsView]:
    """Yield the total first."""
    tally = rehearsal.tally
    yield _one("total", "all bookings", tally.total)
    for service, sums in sorted(tally.services.items()):
        yield _one("service", service.value, sums)
    for (kind, code), sums in sorted(tally.lines.items()):
        yield _one("line", f"{kind.value} {code}", sums)
    for monday, sums in rehearsal.weeks:
        yield _one("week", monday.isoformat(), sums)
    yield _one("customers", "pay less", tally.winners)
    yield _one("customers", "pay more", tally.losers)
    for reason, sums in sorted(tally.refused.items()):
        yield _one("customers", f"refused: {reason}", sums)


def _one(section: str, name: str, sums: Sums) -> SumsView:
    return SumsView(
        section=section,
        name=name,
        bookings=sums.bookings,
        before_cents=sums.before_cents,
        after_cents=sums.after_cents,
        change_cents=sums.change_cents,
    )


def _print_sums(view: RehearsalView, section: str, *, title: str, differing: bool = False) -> None:
    rows = [
        (
            one.name,
            f"{one.bookings:,}",
            money(one.before_cents),
            money(one.after_cents),
            money(one.change_cents),
        )
        for one in view.sums
        if one.section == section and (one.change_cents or not differing)
    ]
    if rows:
        print_table(
            (section, "bookings", "before", "after", "change"), rows, title=title, right=FIGURES
        )
