"""What a report is made of."""

from dataclasses import dataclass
from datetime import tzinfo

from totetaxi_core.business_day import day_begins_at
from totetaxi_core.ports import Terms
from totetaxi_core.reports.report import Grouping
from totetaxi_core.reports.report_desk import ReportDesk, Window
from totetaxi_core.reports.span import DAY, Days
from totetaxi_core.scheduling.holidays import HolidayCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Its days and its rows, and where the figures come from; `terms` have today's schedule."""

    days: Days
    by: Grouping
    desk: ReportDesk
    terms: Terms
    holidays: HolidayCalendar

    @property
    def window(self) -> Window:
        """The days as instants: midnight to midnight in the zone."""
        ends_on = self.days.last_on + DAY
        return Window(
            day_begins_at(self.days.first_on, self.zone), day_begins_at(ends_on, self.zone)
        )

    @property
    def zone(self) -> tzinfo:
        return self.terms.zone
