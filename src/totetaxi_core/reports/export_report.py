"""Take a report out as a file: by whoever may export, and on record."""

from totetaxi_core.ports import Ports
from totetaxi_core.reports.report import Report
from totetaxi_core.staff.staff_act import StaffAct


async def record_export(report: Report, ports: Ports, *, by: str, file_format: str) -> None:
    """Put on record that somebody took a report out; the caller has asked whether they may."""
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type="report_exported",
                description=f"{report.title}, {report.days.first_on} to {report.days.last_on}",
                booking_id=None,
                created_at=ports.clock(),
                subject=f"report:{report.name}",
                after={"by": report.by.value, "format": file_format},
            )
        )
        await uow.commit()
