"""Read a report: which there are, who may see them, and by what they are told apart.

Source: docs/reports.md.
"""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.reports import booking_reports, crew_reports, customer_reports, money_reports
from totetaxi_core.reports.asked import Asked
from totetaxi_core.reports.report import Grouping, Report, ReportName, Table
from totetaxi_core.reports.span import Days
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.staff.permission import Permission

Read = Callable[[Asked], Awaitable[Table]]
SPANS: Final = (Grouping.DAY, Grouping.WEEK, Grouping.MONTH)


class ReportNotFoundError(DomainError):
    """There is no report of this name."""

    code = "report_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """`by` are its groupings, the usual one first. One that looks ahead has all of this month."""

    title: str
    by: tuple[Grouping, ...]
    needs: Permission
    read: Mapping[Grouping, Read]
    looks_ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """Days of New York, both included; None is the usual."""

    name: ReportName
    first_on: date | None = None
    last_on: date | None = None
    by: Grouping | None = None


async def read_report(asked: ReportRequest, ports: Ports, terms: Terms) -> Report:
    """Return the report of the days, or of this month up to today.

    Raises:
        InvalidInputError: the days end before they begin or are more than 366, or the report has
            no such rows.
    """
    kind = REPORTS[asked.name]
    by = _grouping(asked, kind)
    days = _days(asked, kind, today=ports.clock().astimezone(terms.zone).date())
    async with ports.unit_of_work() as uow:
        counted = Asked(
            days=days,
            by=by,
            desk=uow.report_desk,
            terms=await terms_now(uow, terms),
            holidays=ports.holidays,
        )
        table = await kind.read[by](counted)
    return Report(name=asked.name, title=kind.title, days=days, by=by, table=table)


def report_named(name: str) -> ReportName:
    """Return the report's name.

    Raises:
        ReportNotFoundError: there is none of it.
    """
    try:
        return ReportName(name)
    except ValueError:
        raise ReportNotFoundError(f"there is no report called {name}") from None


def _grouping(asked: ReportRequest, kind: ReportKind) -> Grouping:
    if asked.by is None:
        return kind.by[0]
    if asked.by not in kind.by:
        message = f"{asked.name} is by {', '.join(kind.by)}"
        raise InvalidInputError([FieldFault(field="by", code="unknown", message=message)])
    return asked.by


def _days(asked: ReportRequest, kind: ReportKind, *, today: date) -> Days:
    last_on = asked.last_on
    if last_on is None:
        until = asked.first_on if asked.first_on and asked.first_on > today else today
        last_on = _month_end(until) if kind.looks_ahead else until
    return Days(asked.first_on or last_on.replace(day=1), last_on)


def _month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _kind(
    title: str,
    by: tuple[Grouping, ...],
    needs: Permission,
    read: Read,
    *,
    looks_ahead: bool = False,
    otherwise: Mapping[Grouping, Read] | None = None,
) -> ReportKind:
    reads = dict.fromkeys(by, read) | dict(otherwise or {})
    return ReportKind(title=title, by=by, needs=needs, read=reads, looks_ahead=looks_ahead)


_MONEY, _DESK, _PEOPLE = (
    Permission.VIEW_FINANCIAL_REPORTS,
    Permission.READ_BOOKINGS,
    Permission.VIEW_CUSTOMER_ANALYTICS,
)
_SERVICE, _RULE, _PACKAGE = Grouping.SERVICE, Grouping.RULE, Grouping.PACKAGE
REPORTS: Final[Mapping[ReportName, ReportKind]] = {
    ReportName.REVENUE: _kind(
        "Revenue",
        (*SPANS, _SERVICE, _RULE, _PACKAGE),
        _MONEY,
        money_reports.revenue_by_span,
        otherwise={
            _SERVICE: money_reports.revenue_by_sold,
            _PACKAGE: money_reports.revenue_by_sold,
            _RULE: money_reports.revenue_by_rule,
        },
    ),
    ReportName.TAXES: _kind("Sales tax", SPANS[::-1], _MONEY, money_reports.taxes),
    ReportName.REFUNDS: _kind("Refunds", SPANS, _MONEY, money_reports.refunds),
    ReportName.BOOKINGS: _kind(
        "Bookings",
        (Grouping.STATUS, _SERVICE, *SPANS),
        _DESK,
        booking_reports.bookings,
        looks_ahead=True,
    ),
    ReportName.CANCELLATIONS: _kind(
        "Cancellations and refunds",
        (_SERVICE, *SPANS),
        _MONEY,
        booking_reports.cancellations,
        looks_ahead=True,
    ),
    ReportName.LEAD_TIME: _kind(
        "Lead time", (Grouping.NOTICE,), _DESK, booking_reports.lead_time, looks_ahead=True
    ),
    ReportName.MORNINGS: _kind(
        "Busiest mornings",
        (Grouping.DAY, Grouping.WEEKDAY, Grouping.TIME),
        _DESK,
        crew_reports.mornings,
        looks_ahead=True,
    ),
    ReportName.CREWS: _kind(
        "Crew use",
        (*SPANS, Grouping.WEEKDAY),
        _DESK,
        crew_reports.crew_use,
        looks_ahead=True,
    ),
    ReportName.CUSTOMERS: _kind(
        "Top customers",
        (Grouping.CUSTOMER,),
        _PEOPLE,
        customer_reports.top_customers,
    ),
    ReportName.NEW_CUSTOMERS: _kind(
        "New and returning customers",
        SPANS[::-1],
        _PEOPLE,
        customer_reports.new_customers,
    ),
}
