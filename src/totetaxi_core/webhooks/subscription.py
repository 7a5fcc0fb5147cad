"""A client system that wants to hear of what happens."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.retry_pause import retry_pause

PATIENCE: Final = timedelta(days=3)
"""How long something may fail throughout before we stop."""
LONGEST_REST: Final = timedelta(minutes=10)
BOTH_SECRETS: Final = timedelta(hours=24)
MOST_SUBSCRIPTIONS: Final = 50


class SubscriptionState(StrEnum):
    """What a paused one is owed is kept; a removed one is owed nothing."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


class PauseReason(StrEnum):
    STAFF = "staff"
    FAILING = "failing"  # for three days, without a success
    GONE = "gone"  # it answered 410


class SubscriptionNotFoundError(DomainError):
    """No webhook subscription has this id, or it was removed."""

    code = "webhook_not_found"

    def __init__(self, subscription_id: UUID) -> None:
        super().__init__(f"there is no webhook {subscription_id}")


class SubscriptionPausedError(DomainError):
    """It is paused: what is sent now would only wait."""

    code = "webhook_paused"

    def __init__(self, subscription_id: UUID) -> None:
        super().__init__(f"webhook {subscription_id} is paused: resume it first")


class SecretRotatingError(DomainError):
    """Its former secret signs still: another one now would cut off whoever has that."""

    code = "webhook_secret_rotating"

    def __init__(self, subscription_id: UUID, until: datetime) -> None:
        super().__init__(
            f"webhook {subscription_id} has a former secret until"
            f" {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: rotate it again after that"
        )
        self.until = until


class TooManySubscriptionsError(DomainError):
    """There are as many as every booking can look through at once."""

    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(f"there are {MOST_SUBSCRIPTIONS} webhooks already: remove one first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Its secret is derived from `id` and `secret_version`; nothing of it is stored.

    Until `previous_secret_until` the version before signs as well. `failing_since` is the first
    failure after the last success. It is not called before `rests_until`, nor while
    `leased_until` is ahead, when somebody is at it: one call at a time.
    """

    id: UUID
    url: str
    event_types: frozenset[EventType]
    description: str
    state: SubscriptionState
    created_by: str
    created_at: datetime
    updated_at: datetime
    pause_reason: PauseReason | None = None
    secret_version: int = 1
    previous_secret_until: datetime | None = None
    failing_since: datetime | None = None
    last_success_at: datetime | None = None
    rests_until: datetime | None = None
    leased_until: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.state is SubscriptionState.ACTIVE

    def secret_versions(self, *, at: datetime) -> tuple[int, ...]:
        """Return the versions that sign, the newest first."""
        until = self.previous_secret_until
        if until is None or at >= until:
            return (self.secret_version,)
        return (self.secret_version, self.secret_version - 1)

    def change(
        self,
        *,
        url: str | None = None,
        event_types: Collection[EventType] | None = None,
        description: str | None = None,
        at: datetime,
    ) -> Self:
        """Return this subscription with what is not None in place of what was."""
        return replace(
            self,
            url=self.url if url is None else url,
            event_types=self.event_types if event_types is None else frozenset(event_types),
            description=self.description if description is None else description,
            updated_at=at,
        )

    def pause(self, reason: PauseReason, *, at: datetime) -> Self:
        return replace(self, state=SubscriptionState.PAUSED, pause_reason=reason, updated_at=at)

    def resume(self, *, at: datetime) -> Self:
        """Return this subscription, called again from now on and with all patience."""
        return replace(
            self,
            state=SubscriptionState.ACTIVE,
            pause_reason=None,
            failing_since=None,
            rests_until=None,
            updated_at=at,
        )

    def remove(self, *, at: datetime) -> Self:
        return replace(self, state=SubscriptionState.REMOVED, pause_reason=None, updated_at=at)

    def rotate_secret(self, *, at: datetime) -> Self:
        """Return this subscription with its next secret; the present one signs on for a day.

        Raises:
            SecretRotatingError: the one before that signs still.
        """
        if self.previous_secret_until is not None and at < self.previous_secret_until:
            raise SecretRotatingError(self.id, self.previous_secret_until)
        return replace(
            self,
            secret_version=self.secret_version + 1,
            previous_secret_until=at + BOTH_SECRETS,
            updated_at=at,
        )

    def succeeded(self, *, at: datetime) -> Self:
        return replace(self, failing_since=None, rests_until=None, last_success_at=at)

    def failed(self, *, at: datetime) -> Self:
        """Return this subscription, resting for a while; paused if nothing else came for long."""
        since = self.failing_since or at
        pause = retry_pause(at - since, longest=LONGEST_REST, seed=f"{self.id}:{at.timestamp()}")
        resting = replace(self, failing_since=since, rests_until=at + pause)
        if self.is_active and at - since >= PATIENCE:
            return resting.pause(PauseReason.FAILING, at=at)
        return resting

    def gone(self, *, at: datetime) -> Self:
        """Return this subscription, which said itself that it wants no more."""
        failing = replace(self, failing_since=self.failing_since or at)
        return failing.pause(PauseReason.GONE, at=at) if self.is_active else failing

    def release(self, *, at: datetime) -> Self:
        """Return this subscription with nobody at it."""
        return replace(self, leased_until=at)
