"""Bugs of the kind that costs money, each as a patch on the sound application."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from totetaxi_adapters.memory.bookings import MemoryBookingRepository
from totetaxi_adapters.memory.crews import MemoryCrewCalendar
from totetaxi_adapters.memory.discount_uses import MemoryDiscountUses
from totetaxi_adapters.memory.ledger import MemoryLedger
from totetaxi_adapters.memory.payment_repository import MemoryPaymentRepository
from totetaxi_adapters.memory.refunds import MemoryRefundRepository
from totetaxi_adapters.simulation.actors import staff, stripe
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.end_unpaid import _Ending
from totetaxi_core.bookings.owed_by_booking import owe_confirmation
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry
from totetaxi_core.payments import call_off, send_refund
from totetaxi_core.payments.close_attempt import Closing, close_attempt
from totetaxi_core.payments.decide_refund import RefundRequest, _act
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentEvent,
    PaymentIntent,
    RefundOrder,
)
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentStatus,
)
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import (
    Refundable,
    RefundExceedsPaymentError,
    fitting,
    refundable,
)
from totetaxi_core.payments.settle_payment import _Settling
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.ports import Ports
from totetaxi_core.price_book.cancellation_terms import CancellationTerms

NEW_YORK: Final = ZoneInfo("America/New_York")
CLAIMED: Final = {
    "payment_intent.payment_failed": PaymentStatus.PENDING,
    "payment_intent.processing": PaymentStatus.PROCESSING,
    "payment_intent.canceled": PaymentStatus.CANCELED,
}


async def do_nothing(*_args: object, **_kwargs: object) -> None:
    """Stand in for something that was forgotten."""


def a_lock_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bookings are read without keeping others out."""
    get = MemoryBookingRepository.get

    async def get_unlocked(
        self: MemoryBookingRepository, booking_id: UUID, *, lock: bool = False
    ) -> Booking:
        return await get(self, booking_id, lock=lock and False)

    monkeypatch.setattr(MemoryBookingRepository, "get", get_unlocked)


def settle_applied_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """That an attempt has succeeded already is overlooked, before Stripe is asked and after."""
    find = _Settling._attempt  # noqa: SLF001

    async def forgetful(
        self: _Settling, attempts: tuple[PaymentAttempt, ...], payment: Payment
    ) -> PaymentAttempt:
        return replace(await find(self, attempts, payment), state=AttemptState.LIVE)

    async def find_none(*_: object) -> None:
        return None

    monkeypatch.setattr(_Settling, "_attempt", forgetful)
    monkeypatch.setattr(MemoryPaymentRepository, "attempt_of_intent", find_none)


def expiry_before_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A booking ends here first, and its intent at Stripe afterwards."""
    end = _Ending.end

    async def take_for_closed(attempt: PaymentAttempt, *_: object) -> Closing:
        return Closing(is_closed=True, intent_id=attempt.intent_id, session_id=attempt.session_id)

    async def end_then_cancel(self: _Ending, booking_id: UUID) -> Booking | None:
        ended = await end(self, booking_id)
        for closing in self.called_off.closed.values():
            if closing.intent_id is not None:
                await self.ports.payments.cancel_intent(closing.intent_id)
        return ended

    monkeypatch.setattr(call_off, "close_attempt", take_for_closed)
    monkeypatch.setattr(_Ending, "end", end_then_cancel)


def refund_check_outside_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is looked up first, and claimed in a transaction of its own."""

    async def request(
        booking_id: UUID, asked: RefundRequest, ports: Ports, *, staff_name: str
    ) -> Refund:
        left = fitting(await left_now(booking_id, ports), asked.amount_cents)
        if left is None:
            raise RefundExceedsPaymentError("too much")
        amount = asked.amount_cents or left.left_cents
        refund = a_request(left.payment, amount, ports, staff_name=staff_name)
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id)
            await uow.refunds.add(refund)
            await uow.staff_acts.add(_act(refund, booking, ports, staff_name=staff_name))
            await uow.commit()
        return refund

    monkeypatch.setattr(staff, "request_refund", request)
    monkeypatch.setattr(MemoryRefundRepository, "_require_room", lambda *_: None)


def event_order_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event is taken at its word, as if it were the newest."""

    async def take_at_its_word(event: PaymentEvent, ports: Ports) -> bool:
        is_new = await take_event(event, ports)
        if event.intent_id is not None and event.kind in CLAIMED:
            intent = await ports.payments.get_intent(event.intent_id)
            await believe(intent, CLAIMED[event.kind], ports)
        return is_new

    monkeypatch.setattr(stripe, "take_event", take_at_its_word)


def outbox_after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The booking is confirmed in one transaction; what that owes is stored in the next."""

    async def confirm_then_owe(self: _Settling, booking: Booking) -> Booking:
        await self.uow.bookings.save(booking)
        await self.uow.commit()
        await self.uow.__aenter__()
        outbox, ids, zone = self.uow.outbox, self.ports.ids, self.terms.zone
        await owe_confirmation(outbox, ids, booking, zone=zone, at=self.now)
        return booking

    monkeypatch.setattr(_Settling, "_confirmed", confirm_then_owe)


def crews_not_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryCrewCalendar, "release", do_nothing)


def code_use_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryDiscountUses, "give_back", do_nothing)


def hold_freed_while_processing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that a bank is still at counts as closed."""

    async def close_hastily(
        attempt: PaymentAttempt, payment: Payment, booking: Booking, ports: Ports
    ) -> Closing:
        closing = await close_attempt(attempt, payment, booking, ports)
        if closing.intent_id is None:
            return closing
        intent = await ports.payments.get_intent(closing.intent_id)
        under_way = intent.status is IntentStatus.PROCESSING
        return replace(closing, is_closed=closing.is_closed or under_way)

    monkeypatch.setattr(call_off, "close_attempt", close_hastily)


def ledger_entry_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refund that was sent is not posted."""
    monkeypatch.setattr(send_refund, "post_refund", do_nothing)


def key_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call that makes a refund has a new idempotency key."""
    monkeypatch.setattr(RefundOrder, "idempotency_key", property(lambda _: str(uuid4())))


def terms_by_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notice is what the clocks show, also over a night on which they change."""
    refund_bp = CancellationTerms.refund_bp

    def by_the_wall(self: CancellationTerms, *, pickup_at: datetime, at: datetime) -> int:
        shown = (each.astimezone(NEW_YORK).replace(tzinfo=None) for each in (pickup_at, at))
        pickup, now = (each.replace(tzinfo=UTC) for each in shown)
        return refund_bp(self, pickup_at=pickup, at=now)

    monkeypatch.setattr(CancellationTerms, "refund_bp", by_the_wall)


async def left_now(booking_id: UUID, ports: Ports) -> tuple[Refundable, ...]:
    async with ports.unit_of_work() as uow:
        payments = await uow.payments.of_booking(booking_id)
        refunds = await uow.refunds.of_booking(booking_id)
        return refundable(payments, refunds, await uow.disputes.of_booking(booking_id))


def a_request(payment: Payment, amount_cents: int, ports: Ports, *, staff_name: str) -> Refund:
    return Refund(
        id=ports.ids.new_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        amount_cents=amount_cents,
        reason="a box was wet",
        status=RefundStatus.REQUESTED,
        requested_by=staff_name,
        created_at=ports.clock(),
        updated_at=ports.clock(),
    )


async def believe(intent: PaymentIntent, status: PaymentStatus, ports: Ports) -> None:
    """Move the intent's payment to what an event claimed."""
    if intent.booking_id is None:
        return
    async with ports.unit_of_work() as uow:
        attempts = await uow.payments.attempts(intent.booking_id)
        payment_ids = {each.payment_id for each in attempts if each.intent_id == intent.id}
        for payment in await uow.payments.of_booking(intent.booking_id, lock=True):
            if payment.id in payment_ids:
                await uow.payments.save(replace(payment, status=status))
        await uow.commit()


def refunds_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an account has spent is counted when money comes, and not when it goes back."""
    posted = MemoryLedger.posted

    def charges(self: MemoryLedger) -> list[LedgerEntry]:
        return [entry for entry in posted(self) if entry.kind is EntryKind.CHARGE]

    monkeypatch.setattr(MemoryLedger, "posted", charges)
