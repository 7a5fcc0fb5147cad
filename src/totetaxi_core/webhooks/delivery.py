"""One event on its way to one subscription."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.webhooks.retry_pause import retry_pause
from totetaxi_core.webhooks.subscription import PATIENCE
from totetaxi_core.webhooks.webhook_event import WebhookEvent

LONGEST_PAUSE: Final = timedelta(hours=1)
MAX_ERROR: Final = 300
MAX_ANSWER: Final = 500
GONE: Final = 410


class DeliveryState(StrEnum):
    """`failed` was given up after three days; `skipped` was owed to one that was removed."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class DeliveryNotFoundError(DomainError):
    """This subscription was never owed this event, or it was long ago."""

    code = "webhook_delivery_not_found"

    def __init__(self, event_id: UUID) -> None:
        super().__init__(f"this webhook has no delivery of event {event_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one attempt went. `status` is None without an answer; `answer` begins the body."""

    status: int | None = None
    answer: str = ""
    error: str | None = None

    @property
    def has_arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  any 2xx

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A subscription and an event have one. `due_since` is from when our patience is counted.

    While one is due, later events of the same booking wait for it.
    """

    subscription_id: UUID
    event: WebhookEvent
    state: DeliveryState
    due_since: datetime
    next_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None
    last_answer: str = ""

    @property
    def id(self) -> UUID:
        """The event's, under which it stands in its subscription's list."""
        return self.event.id

    @property
    def created_at(self) -> datetime:
        return self.event.created_at

    @classmethod
    def of(cls, event: WebhookEvent, subscription_id: UUID) -> Self:
        """Return a new one, due at once."""
        return cls(
            subscription_id=subscription_id,
            event=event,
            state=DeliveryState.DUE,
            due_since=event.created_at,
            next_at=event.created_at,
        )

    def arrived(self, attempt: Attempt, *, at: datetime) -> Self:
        told = self._told(attempt)
        return replace(told, state=DeliveryState.DELIVERED, done_at=at)

    def missed(self, attempt: Attempt, *, at: datetime, may_give_up: bool) -> Self:
        """Return this delivery, due again later; given up when its time is over."""
        told = self._told(attempt)
        ends_at = self.due_since + PATIENCE
        if may_give_up and at >= ends_at:
            return replace(told, state=DeliveryState.FAILED, done_at=at)
        seed = f"{self.event.id}:{self.attempts}"
        pause = retry_pause(at - self.due_since, longest=LONGEST_PAUSE, seed=seed)
        return replace(told, next_at=min(at + pause, max(ends_at, at)))

    def redeliver(self, *, at: datetime) -> Self:
        """Return this delivery, due now whatever became of it before."""
        return replace(self, state=DeliveryState.DUE, due_since=at, next_at=at, done_at=None)

    def _told(self, attempt: Attempt) -> Self:
        return replace(
            self,
            last_status=attempt.status,
            last_error=None if attempt.error is None else attempt.error[:MAX_ERROR],
            last_answer=attempt.answer[:MAX_ANSWER],
        )
