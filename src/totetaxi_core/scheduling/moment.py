"""An instant as the business sees it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One instant, with the date it falls on in the business's own zone."""

    instant: datetime
    today: date
    zone: tzinfo

    @classmethod
    def of(cls, now: datetime, *, zone: tzinfo) -> Self:
        """Place the aware instant `now` in `zone`.

        Raises:
            ValueError: `now` is naive; it would be read in the machine's zone.
        """
        if now.utcoffset() is None:
            raise ValueError("now must be an aware datetime")
        return cls(instant=now.astimezone(UTC), today=now.astimezone(zone).date(), zone=zone)

    def has_reached(self, on: date, at: time) -> bool:
        """Tell whether the clock of the zone has come to `at` on the date `on`.

        Two instants are compared (one in UTC, so never wall clock with wall clock): when the
        clock repeats an hour in autumn, what has been reached stays reached.
        """
        return self.instant >= datetime.combine(on, at, tzinfo=self.zone)
