"""Messages to customers and staff, in plain text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class MessageKind(StrEnum):
    BOOKING_RECEIVED = "booking_received"
    PAYMENT_LINK = "payment_link"
    BOOKING_CONFIRMED = "booking_confirmed"
    RECEIPT = "receipt"
    HOLD_EXPIRED = "hold_expired"
    BOOKING_CANCELLED = "booking_cancelled"
    LATE_PAYMENT_REFUNDED = "late_payment_refunded"
    SECOND_PAYMENT_REFUNDED = "second_payment_refunded"
    BOOKING_RESCHEDULED = "booking_rescheduled"
    RESCHEDULE_PAYMENT_LINK = "reschedule_payment_link"
    RESCHEDULE_EXPIRED = "reschedule_expired"
    RESCHEDULE_PAYMENT_REFUNDED = "reschedule_payment_refunded"
    STAFF_ALERT = "staff_alert"
    WORKER_STOPPED = "worker_stopped"
    DRIFT_FOUND = "drift_found"
    VERIFY_EMAIL = "verify_email"
    ALREADY_REGISTERED = "already_registered"
    PASSWORD_RESET = "password_reset"  # noqa: S105  a kind of letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One e-mail as kept. `id` is that of the effect that owed it.

    `booking_id` is None in a letter about an account, or of the house to its own staff. Where its
    link has a token, the text holds a mark in its place: the token is the booking's, or that of the
    registration or password reset `token_id`.
    """

    id: UUID
    booking_id: UUID | None
    kind: MessageKind
    to: str
    subject: str
    text: str
    created_at: datetime
    token_id: UUID | None = None


class MessageRepository(Protocol):
    """The messages kept in the database, in their unit of work's transaction."""

    async def add(self, message: Message) -> None:
        """Keep the message; one of the same id is kept already and stays."""
        ...

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        """Return the newest messages to an address (without case), newest first."""
        ...
