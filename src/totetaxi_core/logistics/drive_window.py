"""When a leg may be driven.

Source: docs/dispatch.md, "When a leg is driven".
"""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.ports import Terms
from totetaxi_core.scheduling.occupancy import half_hour_start

ARRIVAL: Final = timedelta(hours=1)
LEAST_DRIVE: Final = timedelta(hours=4)  # to the Hamptons, with loading
HEAD_START: Final = timedelta(minutes=1)  # the courier refuses what has begun when it gets there
LEAST_WINDOW: Final = timedelta(minutes=30)
MIDNIGHT: Final = 48


class DriveWindow(NamedTuple):
    """Aware instants in UTC, both included."""

    start_at: datetime
    end_at: datetime

    def ahead_of(self, now: datetime) -> "DriveWindow | None":
        """Return what is left of it for somebody told now; None when it is over.

        One that has begun starts in a minute, and lasts half an hour at least.
        """
        if now >= self.end_at:
            return None
        start_at = max(self.start_at, now + HEAD_START)
        end_at = self.end_at
        if start_at > self.start_at:
            end_at = max(end_at, start_at + LEAST_WINDOW)
        return DriveWindow(start_at, end_at)


def drive_window(booking: Booking, leg: Leg, terms: Terms) -> DriveWindow:
    """Return an hour from the pickup time; for the drop-off, until the crew's estimated end.

    That is 4 h after the pickup time at least, in either case from when the pickup may begin.
    """
    if leg is Leg.PICKUP:
        return DriveWindow(booking.pickup_at, booking.pickup_at + ARRIVAL)
    end_at = max(_crew_end(booking, terms), booking.pickup_at + LEAST_DRIVE)
    return DriveWindow(booking.pickup_at, end_at)


def _crew_end(booking: Booking, terms: Terms) -> datetime:
    last = occupied(booking).stop
    end = time(23, 59) if last >= MIDNIGHT else half_hour_start(last)
    return terms.pickup_at(booking.quote.request.pickup_date, end)
