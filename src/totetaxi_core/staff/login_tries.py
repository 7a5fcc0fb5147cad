"""Wrong passwords in a row, by the username they were tried with: nobody's locks like anybody's."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol, Self

from totetaxi_core.refusal import DomainError

MOST_FAILURES: Final = 5
LOCK: Final = timedelta(minutes=30)
FORGOTTEN_AFTER: Final = timedelta(days=1)


class AccountLockedError(DomainError):
    """Too many wrong passwords: `retry_after_s` whole seconds from now it is open again."""

    code = "account_locked"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many wrong passwords; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTries:
    """What went wrong with one username; `name_key` is its hash: people type passwords there."""

    name_key: str
    failures: int
    last_failed_at: datetime
    locked_until: datetime | None = None

    def require_unlocked(self, *, at: datetime) -> None:
        """Let pass whoever may try a password.

        Raises:
            AccountLockedError: not for some time, the right password included.
        """
        if self.locked_until is not None and at < self.locked_until:
            wait = self.locked_until - at
            raise AccountLockedError(-(-wait // timedelta(seconds=1)))

    def fail(self, *, at: datetime) -> Self:
        """Count a wrong password; the fifth in a row locks, and a day without one forgets."""
        is_forgotten = self.last_failed_at + FORGOTTEN_AFTER <= at
        failures = 1 if is_forgotten else self.failures + 1
        if failures >= MOST_FAILURES:
            return replace(self, failures=0, last_failed_at=at, locked_until=at + LOCK)
        return replace(self, failures=failures, last_failed_at=at)


class LoginTries(Protocol):
    """What went wrong lately, by username."""

    async def of(self, name_key: str) -> NameTries | None:
        """Return what went wrong, None if nothing did; others who ask wait until commit."""
        ...

    async def save(self, tries: NameTries) -> None: ...

    async def forget(self, name_key: str) -> None: ...

    async def forget_before(self, at: datetime) -> None:
        """Forget some of the names that last went wrong before an instant."""
        ...


def key_of(username: str) -> str:
    """Return what a username is counted under, in whatever case it was typed."""
    return sha256(username.lower().encode("utf-8", "surrogatepass")).hexdigest()


async def count_failure(
    name_key: str, tries: NameTries | None, records: LoginTries, *, at: datetime
) -> None:
    """Count a wrong password on top of `tries`, which the caller has asked for."""
    if tries is None:
        failed = NameTries(name_key=name_key, failures=1, last_failed_at=at)
    else:
        failed = tries.fail(at=at)
    await records.save(failed)
    await records.forget_before(at - FORGOTTEN_AFTER)
