"""A clock that stands still until it is set."""

from datetime import UTC, datetime, timedelta


class SettableClock:
    """Answers the instant it was given, aware and in UTC."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move on and return the new instant."""
        self._at += by
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)
