"""A booking's file: the booking with everything that happened to it, for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.show_booking import BookingFile
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.payments.booking_money import BookingMoney, MoneyMovement, MovementKind
from totetaxi_core.payments.dispute import Dispute, DisputeStatus
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.schemas.booking_note import BookingNoteResponse
from totetaxi_http.schemas.courier_task import CourierTaskEntry
from totetaxi_http.schemas.message_entry import MessageEntry
from totetaxi_http.schemas.refund import RefundResponse
from totetaxi_http.schemas.reschedule import WaitingRescheduleResponse


@attrs.frozen(kw_only=True)
class AttemptEntry:
    """`kind` is where it is paid; a Checkout session has no intent before its payer begins."""

    number: int
    kind: AttemptKind
    state: AttemptState
    payment_intent_id: str | None
    checkout_session_id: str | None
    created_at: datetime
    checked_at: datetime | None

    @classmethod
    def of(cls, attempt: PaymentAttempt) -> Self:
        return cls(
            number=attempt.number,
            kind=attempt.kind,
            state=attempt.state,
            payment_intent_id=attempt.intent_id,
            checkout_session_id=attempt.session_id,
            created_at=attempt.created_at,
            checked_at=attempt.checked_at,
        )


@attrs.frozen(kw_only=True)
class PaymentEntry:
    id: UUID
    purpose: PaymentPurpose
    status: PaymentStatus
    amount_cents: int
    completed_at: datetime | None
    stripe_charge_id: str | None
    card_brand: str | None
    card_last_four: str | None
    attempts: tuple[AttemptEntry, ...]

    @classmethod
    def of(cls, payment: Payment, attempts: tuple[PaymentAttempt, ...]) -> Self:
        return cls(
            id=payment.id,
            purpose=payment.purpose,
            status=payment.status,
            amount_cents=payment.amount_cents,
            completed_at=payment.completed_at,
            stripe_charge_id=payment.stripe_charge_id,
            card_brand=payment.card_brand,
            card_last_four=payment.card_last_four,
            attempts=tuple(
                AttemptEntry.of(one) for one in attempts if one.payment_id == payment.id
            ),
        )


@attrs.frozen(kw_only=True)
class MovementEntry:
    """`status` is that of the payment, refund or dispute which moved the money."""

    kind: MovementKind
    status: str
    amount_cents: int
    at: datetime
    stripe_id: str | None

    @classmethod
    def of(cls, movement: MoneyMovement) -> Self:
        return cls(
            kind=movement.kind,
            status=movement.status.value,
            amount_cents=movement.amount_cents,
            at=movement.at,
            stripe_id=movement.stripe_id,
        )


@attrs.frozen(kw_only=True)
class MoneyEntry:
    """`net_cents` is charged less refunded and disputed; `disputed_cents` is withdrawn now.

    `pending_cents` is asked for or on its way back.
    """

    charged_cents: int
    refunded_cents: int
    pending_cents: int
    disputed_cents: int
    net_cents: int
    movements: tuple[MovementEntry, ...]

    @classmethod
    def of(cls, money: BookingMoney) -> Self:
        return cls(
            charged_cents=money.charged_cents,
            refunded_cents=money.refunded_cents,
            pending_cents=money.pending_cents,
            disputed_cents=money.disputed_cents,
            net_cents=money.net_cents,
            movements=tuple(MovementEntry.of(one) for one in money.movements),
        )


@attrs.frozen(kw_only=True)
class DisputeEntry:
    """`due_by` is when Stripe must have our evidence."""

    stripe_dispute_id: str
    payment_id: UUID
    status: DisputeStatus
    amount_cents: int
    withdrawn_cents: int
    reason: str
    due_by: datetime | None
    is_refundable: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, dispute: Dispute) -> Self:
        return cls(
            stripe_dispute_id=dispute.stripe_dispute_id,
            payment_id=dispute.payment_id,
            status=dispute.status,
            amount_cents=dispute.amount_cents,
            withdrawn_cents=dispute.withdrawn_cents,
            reason=dispute.reason,
            due_by=dispute.due_by,
            is_refundable=dispute.is_refundable,
            created_at=dispute.created_at,
            updated_at=dispute.updated_at,
        )


@attrs.frozen(kw_only=True)
class StaffActEntry:
    staff_name: str
    action_type: str
    description: str
    created_at: datetime

    @classmethod
    def of(cls, act: StaffAct) -> Self:
        return cls(
            staff_name=act.staff_name,
            action_type=act.action_type,
            description=act.description,
            created_at=act.created_at,
        )


@attrs.frozen(kw_only=True)
class BookingFileResponse:
    """The booking, and what belongs to it, each list oldest first; of notes the newest 200.

    `placed_by` is `guest`, `customer` or the name of a member of staff. `version` is what
    `If-Match` takes. `reschedule` is where it moves once the difference is paid, null unless one
    waits.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking": CONFIRMED,
        "version": 2,
        "placed_by": "guest",
        "customer_id": None,
        "reschedule": None,
        "money": {
            "charged_cents": 99_500,
            "refunded_cents": 0,
            "pending_cents": 0,
            "disputed_cents": 0,
            "net_cents": 99_500,
            "movements": [
                {
                    "kind": "charge",
                    "status": "succeeded",
                    "amount_cents": 99_500,
                    "at": "2026-11-25T15:04:10Z",
                    "stripe_id": "ch_3SXk2eFq8LmT4vWz",
                }
            ],
        },
        "payments": [
            {
                "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                "purpose": "booking",
                "status": "succeeded",
                "amount_cents": 99_500,
                "completed_at": "2026-11-25T15:04:10Z",
                "stripe_charge_id": "ch_3SXk2eFq8LmT4vWz",
                "card_brand": "visa",
                "card_last_four": "4242",
                "attempts": [
                    {
                        "number": 1,
                        "kind": "intent",
                        "state": "succeeded",
                        "payment_intent_id": "pi_3SXk2eFq8LmT4vWz",
                        "checkout_session_id": None,
                        "created_at": "2026-11-25T15:02:00Z",
                        "checked_at": "2026-11-25T15:04:10Z",
                    }
                ],
            }
        ],
        "refunds": [],
        "disputes": [],
        "staff_acts": [],
        "notes": [BookingNoteResponse.EXAMPLE],
        "messages": [
            {
                "kind": "booking_confirmed",
                "to": "ada@example.com",
                "subject": "Confirmed: TT-7K3M9QXA on Tuesday, December 1 at 09:30",
                "created_at": "2026-11-25T15:04:12Z",
            }
        ],
        "courier_status": "assigned",
        "courier_tasks": [CourierTaskEntry.EXAMPLE],
    }

    booking: BookingResponse
    version: int
    placed_by: str
    customer_id: UUID | None
    reschedule: WaitingRescheduleResponse | None
    money: MoneyEntry
    payments: tuple[PaymentEntry, ...]
    refunds: tuple[RefundResponse, ...]
    disputes: tuple[DisputeEntry, ...]
    staff_acts: tuple[StaffActEntry, ...]
    notes: tuple[BookingNoteResponse, ...]
    messages: tuple[MessageEntry, ...]
    courier_status: CourierTaskStatus | None
    courier_tasks: tuple[CourierTaskEntry, ...]

    @classmethod
    def of(cls, file: BookingFile) -> Self:
        booking, waiting = file.booking, file.reschedule
        return cls(
            booking=BookingResponse.from_booking(booking),
            version=booking.version,
            placed_by=booking.placed_by,
            customer_id=booking.customer_id,
            reschedule=WaitingRescheduleResponse.from_reschedule(waiting) if waiting else None,
            money=MoneyEntry.of(file.money),
            payments=tuple(PaymentEntry.of(one, file.attempts) for one in file.payments),
            refunds=tuple(
                RefundResponse.from_refund(one, booking_number=booking.booking_number)
                for one in file.refunds
            ),
            disputes=tuple(DisputeEntry.of(one) for one in file.disputes),
            staff_acts=tuple(StaffActEntry.of(one) for one in file.staff_acts),
            notes=tuple(BookingNoteResponse.from_note(one) for one in file.notes),
            messages=tuple(MessageEntry.of(one) for one in file.messages),
            courier_status=file.courier.status,
            courier_tasks=tuple(CourierTaskEntry.of(one) for one in file.courier_tasks),
        )
