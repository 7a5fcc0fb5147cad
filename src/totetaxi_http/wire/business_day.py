"""Where the business's days begin and end, for lists that are asked for by the day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def begin_of(day: date | None, zone: tzinfo) -> datetime | None:
    """Return the UTC instant a day begins; None for none, and for the first there is."""
    if day is None or day == date.min:
        return None
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def end_of(day: date | None, zone: tzinfo) -> datetime | None:
    """Return the UTC instant the next day begins; None for none, and for the last there is."""
    return None if day is None or day == date.max else begin_of(day + timedelta(days=1), zone)
