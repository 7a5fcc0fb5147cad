"""What is on record about one booking: here, at the payment provider, and in a payer's hands."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from totetaxi_adapters.memory.checkout import MemoryCheckoutGateway
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.memory.table import Table
from totetaxi_adapters.simulation.courier_line import CourierLine
from totetaxi_adapters.simulation.message_line import MessageLine
from totetaxi_adapters.simulation.subscriber_line import SubscriberLine
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.clock import Clock
from totetaxi_core.customers.erasure import NOBODY
from totetaxi_core.documents.document import Document
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import LedgerEntry
from totetaxi_core.logistics.courier_gateway import ProofFile, ProviderTask
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.payments.checkout import SessionStatus
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund, RefundState
from totetaxi_core.payments.payment import Payment, PaymentAttempt, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import FOR_THE_BOOKING
from totetaxi_core.ports import Terms
from totetaxi_core.staff.staff_act import StaffAct

T = TypeVar("T")

ACTIVE: Final = frozenset(
    {BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS}
)
HOLDING: Final = ACTIVE | {BookingStatus.COMPLETED}
"""Where it has, or had, its crew and the use of its code."""
PAID_FOR: Final = frozenset(
    {BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS, BookingStatus.COMPLETED}
)
GOES_BACK: Final = frozenset(
    {RefundStatus.REQUESTED, RefundStatus.APPROVED, RefundStatus.SENT, RefundStatus.SUCCEEDED}
)
GIVEN_BACK: Final = frozenset({RefundState.PENDING, RefundState.SUCCEEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingBooks:
    """One booking's rows as they are committed, and what the provider knows of it.

    `handed_out` are the intents whose secret a payer has; `strays` those that none of our rows
    made. `open_pages` counts the pay pages that a payer has before them and may pay on.
    `provider_tasks` are the courier's, `stood` what each was after each of its changes;
    `excused_legs` are those of which it may have two for a while. `now` is in UTC.
    """

    booking: Booking
    payments: tuple[Payment, ...]
    attempts: tuple[PaymentAttempt, ...]
    refunds: tuple[Refund, ...]
    uses_code: bool
    intents: tuple[PaymentIntent, ...]
    provider_refunds: tuple[ProviderRefund, ...]
    disputes: tuple[Dispute, ...]
    provider_disputes: tuple[ProviderDispute, ...]
    reschedules: tuple[Reschedule, ...]
    entries: tuple[LedgerEntry, ...]
    acts: tuple[StaffAct, ...]
    open_pages: int
    handed_out: Collection[str]
    strays: Collection[str]
    effects: Mapping[str, EffectState]
    tasks: tuple[CourierTask, ...]
    provider_tasks: tuple[ProviderTask, ...]
    stood: Mapping[str, Mapping[datetime, CourierTaskStatus]]
    excused_legs: Collection[Leg]
    documents: tuple[Document, ...]
    proofs: Mapping[str, ProofFile]
    terms: Terms
    now: datetime
    is_at_rest: bool

    @property
    def is_active(self) -> bool:
        return self.booking.status in ACTIVE

    @property
    def is_erased(self) -> bool:
        """Tell whether its person was forgotten, to whom nothing can be said any more."""
        return self.booking.contact == NOBODY

    @property
    def successes(self) -> tuple[Payment, ...]:
        return tuple(each for each in self.payments if each.status is PaymentStatus.SUCCEEDED)

    @property
    def own_payments(self) -> tuple[Payment, ...]:
        """Return those for the booking itself, without what came twice."""
        return tuple(each for each in self.payments if each.purpose is PaymentPurpose.BOOKING)

    @property
    def for_the_booking(self) -> tuple[Payment, ...]:
        """Return its own payment and those of differences, as far as they succeeded."""
        return tuple(each for each in self.successes if each.purpose in FOR_THE_BOOKING)

    @property
    def has_moved(self) -> bool:
        """Tell whether it is, or was once to be, in another slot."""
        cause = f"send_message:{self.booking.id}"
        kind = MessageKind.BOOKING_RESCHEDULED
        versions = range(2, self.booking.version + 1)
        return bool(self.reschedules) or any(
            f"{cause}:{version}:{kind}" in self.effects for version in versions
        )

    @property
    def cash_taken_cents(self) -> int:
        """Return the cash that came, whatever of it was handed back since."""
        return sum(max(0, each.amount_in(Account.CASH)) for each in self.entries)

    def refunds_of(self, payment: Payment) -> Iterator[Refund]:
        return (each for each in self.refunds if each.payment_id == payment.id)


class Effects(Mapping[str, EffectState]):
    """The state of each owed effect by its cause."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._table = database.effects

    def __getitem__(self, cause: str) -> EffectState:
        key = next(iter(self._table.keys_where("cause", cause)), None)
        if key is None:
            raise KeyError(cause)
        return self._table.rows[key].effect.state

    def __iter__(self) -> Iterator[str]:
        return (row.effect.cause for row in self._table.rows.values())

    def __len__(self) -> int:
        return len(self._table.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Who carries goods, messages and news for us.

    `sent_again` counts how often staff had something sent again, by what the act is about.
    """

    couriers: CourierLine
    mail: MessageLine
    subscribers: SubscriberLine
    sent_again: Mapping[str, int]


class Books:
    """Reads the committed rows of a database, and the provider's side of them."""

    def __init__(
        self,
        database: MemoryDatabase,
        stripe: MemoryPaymentGateway,
        pages: MemoryCheckoutGateway,
        *,
        handed_out: Mapping[str, UUID],
        opened_pages: Mapping[str, UUID],
        strays: Collection[str],
        carriers: Carriers,
        terms: Terms,
        clock: Clock,
    ) -> None:
        self.database, self.stripe, self._pages = database, stripe, pages
        self.carriers, self.couriers = carriers, carriers.couriers
        self._terms, self._clock = terms, clock
        self.is_at_rest = False
        self._handed_out, self._opened_pages, self._strays = handed_out, opened_pages, strays
        self._effects = Effects(database)

    def of_booking(self, booking_id: UUID) -> BookingBooks:
        database, couriers = self.database, self.couriers
        intents = tuple(each for each in self.stripe.intents() if each.booking_id == booking_id)
        intent_ids = {each.id for each in intents}
        return BookingBooks(
            booking=database.bookings.rows[booking_id],
            payments=_rows(database.payments, booking_id),
            attempts=_rows(database.attempts, booking_id),
            refunds=_rows(database.refunds, booking_id),
            disputes=_rows(database.disputes, booking_id),
            reschedules=_rows(database.reschedules, booking_id),
            entries=_rows(database.ledger_entries, booking_id),
            acts=tuple(each.act for each in _rows(database.staff_acts, booking_id)),
            uses_code=booking_id in database.code_uses.rows,
            intents=intents,
            provider_refunds=tuple(
                each for each in self.stripe.refunds() if each.intent_id in intent_ids
            ),
            provider_disputes=tuple(
                each for each in self.stripe.account.disputes() if each.intent_id in intent_ids
            ),
            open_pages=self._open_pages(booking_id),
            handed_out=self._handed_out,
            strays=self._strays,
            effects=self._effects,
            tasks=_rows(database.courier_tasks, booking_id),
            provider_tasks=couriers.board.of_booking(booking_id),
            stood=couriers.board.stood,
            excused_legs={leg for owner, leg in couriers.excused if owner == booking_id},
            documents=_rows(database.documents, booking_id),
            proofs=couriers.proofs,
            terms=self._terms,
            now=self._clock(),
            is_at_rest=self.is_at_rest,
        )

    def _open_pages(self, booking_id: UUID) -> int:
        opened = (page for page, owner in self._opened_pages.items() if owner == booking_id)
        return sum(self._pages.session(page).status is SessionStatus.OPEN for page in opened)


def _rows(table: Table[Any, T], booking_id: UUID) -> tuple[T, ...]:
    return tuple(table.rows[key] for key in table.keys_where("booking", booking_id))
