"""The machine's clock, or one that was set to another instant and runs on from there."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """Answers aware instants in UTC. `starts_at` sets it, for development and tests alone."""

    def __init__(self, starts_at: datetime | None = None) -> None:
        now = datetime.now(UTC)
        self._ahead: timedelta = starts_at - now if starts_at else timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead
