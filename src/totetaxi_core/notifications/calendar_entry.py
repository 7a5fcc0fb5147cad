"""What a message puts into its reader's calendar."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CalendarMethod(StrEnum):
    """As iCalendar (RFC 5546) spells it. Publishing asks for no answer, so that none comes back."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """`uid` is the same in every entry of one booking; the highest `sequence` holds.

    Instants are aware and in UTC; the end is not part of it. `stamped_at` is when the message that
    brings it was written. The organizer is the company.
    """

    uid: str
    sequence: int
    method: CalendarMethod
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    stamped_at: datetime
    organizer_name: str = ""
    organizer_email: str = ""
