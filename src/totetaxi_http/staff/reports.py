"""Reports, as JSON or as CSV."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

import attrs
from litestar import Request, get
from litestar.openapi.spec import Example, OpenAPIMediaType, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath

from totetaxi_adapters.reports import csv_file
from totetaxi_core.reports.export_report import record_export
from totetaxi_core.reports.read_report import REPORTS, ReportRequest, read_report, report_named
from totetaxi_core.reports.report import Grouping, Report, ReportName
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.require_permission import require_permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.report import ReportResponse
from totetaxi_http.staff.guard import (
    PERMISSION,
    REFUSALS,
    SECURITY,
    StaffCaller,
    staff_caller,
)
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

CSV: Final = "csv"
CSV_CONTENT: Final = {
    "text/csv": OpenAPIMediaType(
        schema=Schema(type=OpenAPIType.STRING),
        examples={"example": Example(value="day,net\r\n2026-11-01,595.00\r\n")},
    )
}


class ReportFormat(StrEnum):
    JSON = "json"
    CSV = "csv"


@attrs.frozen(kw_only=True)
class ReportQuery:
    """Days of New York, both included, at most 366; this month's unless said."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"date_from": "2026-11-01", "date_to": "2026-11-30"}

    date_from: date | None = None
    date_to: date | None = None
    by: Grouping | None = attrs.field(
        default=None, metadata={"description": "What the rows are: of those the report has."}
    )
    format: ReportFormat = attrs.field(
        default=ReportFormat.JSON,
        metadata={"description": "`csv` needs `export_financial_data`, and is on record."},
    )

    def to_request(self, name: ReportName) -> ReportRequest:
        return ReportRequest(name=name, first_on=self.date_from, last_on=self.date_to, by=self.by)


@get(
    "/reports/{name:str}",
    opt={
        PERMISSION: None,
        "path_examples": {"name": "revenue"},
        "content_beside_json": CSV_CONTENT,
    },
    dependencies={"asked": query_of(ReportQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", "report_not_found", *REFUSALS)),
)
async def report(
    name: FromPath[str],
    asked: FromQueryClass[ReportQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[ReportResponse]:
    """Count a report of some days.

    `revenue`, `taxes`, `refunds` and `cancellations` need `view_financial_reports`, `customers` and
    `new-customers` `view_customer_analytics`, the others (`bookings`, `lead-time`, `mornings`,
    `crews`) no more than bookings do.

    With `format=csv` it answers `text/csv`, as a file: amounts are dollars there.
    """
    caller = staff_caller(request)
    wanted = report_named(name)
    await _require(caller, REPORTS[wanted].needs, wanted)
    if asked.format is ReportFormat.CSV:
        await _require(caller, Permission.EXPORT_FINANCIAL_DATA, wanted)
    found = await read_report(asked.to_request(wanted), caller.ports, state.terms)
    if asked.format is ReportFormat.JSON:
        return WireResponse(ReportResponse.from_report(found))
    await record_export(found, caller.ports, by=caller.account.username, file_format=CSV)
    return _csv(found)


async def _require(caller: StaffCaller, needed: Permission, name: ReportName) -> None:
    await require_permission(caller.account, needed, caller.ports, subject=f"report:{name}")


def _csv(found: Report) -> WireResponse[Any]:
    file_name = f"{found.name}-{found.days.first_on}-{found.days.last_on}.csv"
    return WireResponse(
        csv_file(found),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
