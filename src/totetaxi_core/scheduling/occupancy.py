"""The half hours of a date that a booking occupies."""

from datetime import time

HALF_HOUR_MINUTES = 30
HALF_HOURS_PER_HOUR = 2


def minutes_into_day(at: time) -> int:
    """Return whole minutes since midnight."""
    return at.hour * 60 + at.minute


def half_hour_start(half_hour: int) -> time:
    """Return when the half hour numbered `half_hour` (0 to 47) starts: 14 starts at 07:00."""
    hour, odd = divmod(half_hour, HALF_HOURS_PER_HOUR)
    return time(hour, odd * HALF_HOUR_MINUTES)


def half_hours(pickup_time: time, estimated_hours: int, *, crew_day_ends_at: time) -> range:
    """Return the half hours a crew is busy, numbered from midnight (14 is 07:00 to 07:30).

    Rounded outward: 07:10 for 2 hours is 07:00 to 09:30. What would run past
    `crew_day_ends_at` occupies the crew until then. Source: docs/scheduling.md, "Crews".

    Raises:
        ValueError: less than an hour, or a pickup after the crew's day; it would occupy nothing.
    """
    start = minutes_into_day(pickup_time)
    day_end = minutes_into_day(crew_day_ends_at)
    if estimated_hours < 1 or start >= day_end:
        raise ValueError(f"{estimated_hours} h from {pickup_time} occupies no crew")
    end = min(start + estimated_hours * 60, day_end)
    return range(start // HALF_HOUR_MINUTES, -(-end // HALF_HOUR_MINUTES))
