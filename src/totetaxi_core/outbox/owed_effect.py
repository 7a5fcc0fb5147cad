"""What we owe the world: a mail, a courier task, a refund, a look at Stripe."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.refusal import DomainError

FIRST_RETRY_S = 5
LONGEST_RETRY_S = 600
FAILING_ATTEMPTS = 7
"""From so many on an effect has failed for over five minutes: its pauses add up to 315 s."""
MAX_ERROR = 500
CHANNEL = "channel"
"""Where the payload of a `deliver_message` says by what it leaves."""


class EffectKind(StrEnum):
    SEND_MESSAGE = "send_message"
    CREATE_COURIER_TASKS = "create_courier_tasks"
    CANCEL_COURIER_TASKS = "cancel_courier_tasks"
    RESCHEDULE_COURIER_TASKS = "reschedule_courier_tasks"
    SYNC_COURIER_TASK = "sync_courier_task"
    KEEP_PROOF = "keep_proof"
    DELIVER_MESSAGE = "deliver_message"
    REMOVE_FILE = "remove_file"
    SEND_REFUND = "send_refund"
    FOLLOW_REFUND = "follow_refund"
    FOLLOW_DISPUTE = "follow_dispute"
    SETTLE_INTENT = "settle_intent"
    CLOSE_ATTEMPT = "close_attempt"
    SETTLE_SESSION = "settle_session"
    DETACH_CARD = "detach_card"
    FOLLOW_CARDS = "follow_cards"
    FORGET_CUSTOMER = "forget_customer"


class EffectState(StrEnum):
    """`waiting` rests, as what was owed before its sender existed; `failed` needs a person."""

    DUE = "due"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Standing(StrEnum):
    """What is owed and not done, told apart by what it waits for.

    `due` has its turn now or is being done, `retrying` was tried in vain and will be again,
    `later` has its time ahead, as a reminder has.
    """

    DUE = "due"
    RETRYING = "retrying"
    LATER = "later"
    WAITING = "waiting"
    FAILED = "failed"


class EffectNotFailedError(DomainError):
    """Only what was given up can be taken up again."""

    code = "effect_not_failed"
    field = "effect_id"

    def __init__(self, effect_id: UUID, state: EffectState) -> None:
        super().__init__(f"{effect_id} is {state}: only what has failed can be tried again")
        self.effect_id, self.state = effect_id, state


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedEffect:
    """`cause` is unique: the same fact owes its effect once. `payload` holds ids, nothing personal.

    While `leased_until` is ahead somebody is at it; `due_at` is when it may be tried next.
    """

    id: UUID
    kind: EffectKind
    cause: str
    payload: Mapping[str, str] = field(default_factory=dict)
    state: EffectState = EffectState.DUE
    attempts: int = 0
    created_at: datetime
    due_at: datetime
    leased_until: datetime | None = None
    done_at: datetime | None = None
    last_error: str | None = None

    @property
    def is_failing(self) -> bool:
        """Whether it is tried again and again, and has been for over five minutes."""
        return self.state is EffectState.DUE and self.attempts >= FAILING_ATTEMPTS

    def standing(self, *, at: datetime) -> Standing | None:
        """Return how it stands at an instant, None once it is done."""
        if self.state is EffectState.DONE:
            return None
        if self.state is not EffectState.DUE:
            return Standing(self.state)
        if self.last_error is not None:
            return Standing.RETRYING
        return Standing.DUE if self.due_at <= at else Standing.LATER

    def lease(self, *, at: datetime, until: datetime) -> Self | None:
        """Return this effect taken up by us, None if it is done, resting or another's."""
        taken = self.leased_until is not None and at < self.leased_until
        if self.state is not EffectState.DUE or taken or at < self.due_at:
            return None
        return replace(self, attempts=self.attempts + 1, leased_until=until)

    def done(self, *, at: datetime) -> Self:
        return replace(self, state=EffectState.DONE, done_at=at, leased_until=None, last_error=None)

    def retry(self, error: str, *, at: datetime) -> Self:
        """Return this effect, due again after 5 s, 10 s, 20 s … at most 10 min."""
        pause_s = min(FIRST_RETRY_S * 2 ** min(self.attempts - 1, 10), LONGEST_RETRY_S)
        return replace(
            self,
            due_at=at + timedelta(seconds=pause_s),
            leased_until=None,
            last_error=error[:MAX_ERROR],
        )

    def fail(self, error: str) -> Self:
        """Return this effect, given up: retrying cannot help."""
        return replace(
            self, state=EffectState.FAILED, leased_until=None, last_error=error[:MAX_ERROR]
        )

    def wake(self, *, at: datetime) -> Self:
        """Return this effect, which rested, due now."""
        return replace(self, state=EffectState.DUE, due_at=at)

    def reopen(self, *, at: datetime) -> Self:
        """Return this effect, given up before and due now, with its error still to be read.

        Raises:
            EffectNotFailedError: it was not given up.
        """
        if self.state is not EffectState.FAILED:
            raise EffectNotFailedError(self.id, self.state)
        return replace(self, state=EffectState.DUE, due_at=at)
