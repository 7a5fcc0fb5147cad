"""A difference between our records and Stripe's or the courier's, or within our own."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class DriftKind(StrEnum):
    """Source: docs/reconciliation.md, which tells how each is found and what becomes of it."""

    PAID_AT_STRIPE_PENDING_HERE = "paid_at_stripe_pending_here"
    REFUNDED_AT_STRIPE_ONLY = "refunded_at_stripe_only"
    REFUNDED_HERE_ONLY = "refunded_here_only"
    REFUND_STUCK_HERE = "refund_stuck_here"
    AMOUNT_DIFFERS = "amount_differs"
    INTENT_WITHOUT_PAYMENT = "intent_without_payment"
    PAYMENT_WITHOUT_INTENT = "payment_without_intent"
    TWO_SUCCESSES = "two_successes"
    CONFIRMED_WITHOUT_PAYMENT = "confirmed_without_payment"
    CANCELLED_YET_KEPT_MONEY = "cancelled_yet_kept_money"
    LEDGER_DISAGREES = "ledger_disagrees"
    CODE_USE_WITHOUT_BOOKING = "code_use_without_booking"
    DISPUTED_AT_STRIPE_ONLY = "disputed_at_stripe_only"
    TASK_WITHOUT_BOOKING = "task_without_booking"
    BOOKING_WITHOUT_TASK = "booking_without_task"
    TASK_STATE_APART = "task_state_apart"


DRIVE_KINDS = frozenset(
    {DriftKind.TASK_WITHOUT_BOOKING, DriftKind.BOOKING_WITHOUT_TASK, DriftKind.TASK_STATE_APART}
)
MONEY_KINDS = frozenset(DriftKind) - DRIVE_KINDS


class Repair(StrEnum):
    """The use case that mends a drift. Each may be repeated: doing it twice does it once."""

    SETTLE_INTENT = "settle_intent"
    FOLLOW_REFUND = "follow_refund"
    SEND_REFUND = "send_refund"
    GIVE_CODE_BACK = "give_code_back"
    POST_ENTRIES = "post_entries"
    FOLLOW_DISPUTE = "follow_dispute"
    CREATE_TASKS = "create_tasks"
    SYNC_TASK = "sync_task"
    DELETE_TASK = "delete_task"


class Outcome(StrEnum):
    """What became of a drift: `repairable` has a repair that nobody asked for."""

    REPAIRED = "repaired"
    REPAIRABLE = "repairable"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`expected_cents` is by our records, `actual_cents` what was found instead.

    Exactly one of `repair` and `left_because` is set: where no one answer is right, the sentence
    tells a person why. The booking is None for an intent of a booking we do not have.
    """

    kind: DriftKind
    booking_id: UUID | None
    booking_number: str | None
    detail: str
    repair: Repair | None = None
    left_because: str | None = None
    expected_cents: int | None = None
    actual_cents: int | None = None
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    intent_id: str | None = None
    provider_refund_id: str | None = None
    stripe_dispute_id: str | None = None
    courier_task_id: UUID | None = None
    onfleet_task_id: str | None = None

    @property
    def key(self) -> str:
        """What tells this drift from all others, the same each time it is found."""
        subjects = (
            self.provider_refund_id,
            self.stripe_dispute_id,
            self.onfleet_task_id,
            self.courier_task_id,
            self.refund_id,
            self.intent_id,
            self.payment_id,
            self.booking_id,
        )
        return f"{self.kind}:{next(each for each in subjects if each is not None)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledDrift:
    """A drift and what became of it; `note` says why nothing did, None where it is mended."""

    drift: Drift
    outcome: Outcome
    note: str | None = None

    @property
    def is_mended(self) -> bool:
        return self.outcome is Outcome.REPAIRED
