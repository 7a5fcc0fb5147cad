"""Where the business's own days begin."""

from datetime import UTC, date, datetime, time, tzinfo


def day_begins_at(on: date, zone: tzinfo) -> datetime:
    """Return the UTC instant of a business day's midnight; the day may have 23 or 25 hours."""
    return datetime.combine(on, time.min, tzinfo=zone).astimezone(UTC)
