"""How long ago, in words."""

from datetime import timedelta

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


def spoken(elapsed: timedelta) -> str:
    """Return such as `12 s`, `7 min`, `3 h 12 min` or `2 d 5 h`, rounded down; 0 s at least."""
    seconds = max(0, int(elapsed.total_seconds()))
    if seconds < MINUTE_S:
        return f"{seconds} s"
    if seconds < HOUR_S:
        return f"{seconds // MINUTE_S} min"
    if seconds < DAY_S:
        return _both(seconds // HOUR_S, "h", seconds % HOUR_S // MINUTE_S, "min")
    return _both(seconds // DAY_S, "d", seconds % DAY_S // HOUR_S, "h")


def _both(number: int, unit: str, rest: int, of: str) -> str:
    return f"{number} {unit} {rest} {of}" if rest else f"{number} {unit}"
