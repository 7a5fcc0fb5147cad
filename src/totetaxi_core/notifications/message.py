"""Messages to customers and staff: what they say, and how far they have got."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.notifications.calendar_entry import CalendarEntry
from totetaxi_core.page import Place
from totetaxi_core.refusal import DomainError

MAX_ERROR: Final = 500


class Channel(StrEnum):
    """By what a message goes; its address is an e-mail address or a phone number (E.164)."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """How far a message has got. Source: docs/messages.md, "States"."""

    KEPT = "kept"  # in the database alone: nothing is named that could send it
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


UNFINISHED: Final = (
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.REFUSED,
    MessageState.UNKNOWN,
)
"""The states somebody watches: what is on its way, and what a person should look at."""

FOR_A_PERSON: Final = (MessageState.REFUSED, MessageState.UNKNOWN)


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
    REMINDER = "reminder"
    DRIVER_ON_THE_WAY = "driver_on_the_way"
    DELIVERED = "delivered"
    REFUND_SENT = "refund_sent"
    REFUND_FAILED = "refund_failed"
    WELCOME = "welcome"
    VIP_STATUS = "vip_status"
    STAFF_ALERT = "staff_alert"
    WORKER_STOPPED = "worker_stopped"
    DRIFT_FOUND = "drift_found"
    WEBHOOK_PAUSED = "webhook_paused"
    VERIFY_EMAIL = "verify_email"
    ALREADY_REGISTERED = "already_registered"
    PASSWORD_RESET = "password_reset"  # noqa: S105  a kind of letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the same


class MessageNotFoundError(DomainError):
    """There is no such message, or no longer: it was forgotten with its addressee."""

    code = "message_not_found"
    field = "message_id"

    def __init__(self, message_id: UUID) -> None:
        super().__init__(f"no message has the id {message_id}")


class MessageNotResendableError(DomainError):
    """Only what was refused, or may be lost, is sent again, and only by a person."""

    code = "message_not_resendable"
    field = "message_id"

    def __init__(self, message_id: UUID, state: MessageState) -> None:
        super().__init__(f"message {message_id} is {state}: it is not sent again")
        self.message_id, self.state = message_id, state


class MessageNotOpenError(DomainError):
    """Only of what was refused, or may be lost, does a person say how it ended."""

    code = "message_not_open"
    field = "message_id"

    def __init__(self, message_id: UUID, state: MessageState) -> None:
        super().__init__(f"message {message_id} is {state}: nobody need say how it ended")
        self.message_id, self.state = message_id, state


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. The `id` of a mail is that of the effect that owed it.

    `booking_id` is None in a letter about an account, or of the house to its own staff. Where its
    link has a token, the text holds a mark in its place: the token is the booking's, or that of the
    registration or password reset `token_id`. An SMS has no subject. `provider_id` is what whoever
    took it calls it; `sent_at` is when it was taken, in UTC.
    """

    id: UUID
    booking_id: UUID | None
    kind: MessageKind
    to: str
    subject: str
    text: str
    created_at: datetime
    token_id: UUID | None = None
    channel: Channel = Channel.EMAIL
    state: MessageState = MessageState.KEPT
    provider_id: str | None = None
    last_error: str | None = None
    sent_at: datetime | None = None
    calendar: CalendarEntry | None = None

    def begin_sending(self) -> Self:
        return replace(self, state=MessageState.SENDING)

    def taken(self, provider_id: str, *, at: datetime) -> Self:
        """Return this message, taken by whoever delivers it."""
        return replace(
            self,
            state=MessageState.SENT,
            provider_id=provider_id,
            sent_at=at,
            last_error=None,
        )

    def wait(self, why: str) -> Self:
        """Return this message, certainly not sent and to be tried again."""
        return self._with(MessageState.QUEUED, why)

    def refuse(self, why: str) -> Self:
        """Return this message, which will never arrive."""
        return self._with(MessageState.REFUSED, why)

    def lose(self, why: str) -> Self:
        """Return this message, of which nobody knows whether it went."""
        return self._with(MessageState.UNKNOWN, why)

    def drop(self, why: str) -> Self:
        """Return this message, not sent as it would be of no use any more."""
        return self._with(MessageState.DROPPED, why)

    def arrive(self, *, at: datetime) -> Self:
        """Return this message, at its addressee's."""
        return replace(
            self,
            state=MessageState.DELIVERED,
            last_error=None,
            sent_at=self.sent_at or at,
        )

    def known_as(self, provider_id: str) -> Self:
        return replace(self, provider_id=provider_id)

    def send_again(self) -> Self:
        """Return this message, queued once more; its last error can still be read.

        Raises:
            MessageNotResendableError: it is neither refused nor unknown.
        """
        if self.state not in FOR_A_PERSON:
            raise MessageNotResendableError(self.id, self.state)
        return replace(self, state=MessageState.QUEUED, provider_id=None, sent_at=None)

    def settle(self, *, arrived: bool, why: str, at: datetime) -> Self:
        """Return this message, ended by a person's word: it arrived, or shall not be sent.

        Raises:
            MessageNotOpenError: it is neither refused nor unknown.
        """
        if self.state not in FOR_A_PERSON:
            raise MessageNotOpenError(self.id, self.state)
        return self.arrive(at=at) if arrived else self.drop(why)

    def _with(self, state: MessageState, why: str) -> Self:
        return replace(self, state=state, last_error=why[:MAX_ERROR])


def newest_of(*lists: Iterable[Message]) -> tuple[Message, ...]:
    """Return the messages of several lists in one, newest first."""
    return tuple(sorted(chain(*lists), key=Place.of, reverse=True))


class MessageRepository(Protocol):
    """Every message written, in their unit of work's transaction."""

    async def add(self, message: Message) -> bool:
        """Store the message; False when one of its id is stored already, which stays."""
        ...

    async def find(self, message_id: UUID, *, lock: bool = False) -> Message | None:
        """Return the message; None when there is none, or it was forgotten."""
        ...

    async def find_taken(self, provider_id: str) -> Message | None:
        """Return the message that its provider calls so, unlocked; the newest if there are two."""
        ...

    async def save(self, message: Message) -> None:
        """Store how far the message has got; what it says never changes."""
        ...

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        """Return the newest messages to an address (without case), newest first."""
        ...

    async def texts_about(self, customer_id: UUID, *, limit: int) -> tuple[Message, ...]:
        """Return the newest text messages about an account's bookings, newest first.

        They are the account's own, whatever its number was then: nobody else gets any.
        """
        ...

    async def newest(self, *, limit: int) -> tuple[Message, ...]:
        """Return the newest messages to anybody, newest first."""
        ...

    async def unfinished(self) -> Mapping[MessageState, int]:
        """Return how many there are of each state in UNFINISHED, also where that is none."""
        ...
