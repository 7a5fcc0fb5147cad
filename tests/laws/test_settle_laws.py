"""Whatever customers, Stripe, staff and a crashing process do: money and crews agree in the end."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from tests.builders import a_contact, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.interrupted_gateway import Call
from tests.laws.house_accounts import (
    TAKES_CARDS,
    active_bookings,
    all_bookings,
    cash_cents,
    check_ledger,
    crews_needed,
    handed_out,
    kept_cents,
    open_pages,
    own_payment_statuses,
)
from tests.laws.house_acts import Act, act
from totetaxi_adapters.memory.cards import DECLINES, NEEDS_APPROVAL, PAYS, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.simulation.promises.at_rest import waits_for_its_day
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.gateway import IntentStatus, PaymentEvent
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link, renew_payment_link
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.schedule import Schedule

CREWS = 2
MAX_STRAYS = 2
STEPS = st.sampled_from(["answered", "unanswered", "lost"])
OUTAGES = {"unanswered": Outage.BEFORE_ACTING, "lost": Outage.AFTER_ACTING}


class Settling(RuleBasedStateMachine):
    """One business of two crews. A step whose answer is lost is a process that died there."""

    bookings = Bundle("bookings")
    events = Bundle("events")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.house: MemoryHouse = self.run(
            a_house(
                schedule=Schedule(default_crews=CREWS),
                book=book_with_code(max_uses=2),
            )
        )
        self.strays = 0

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  what the act returns
        return self.loop.run_until_complete(act)

    def ask(self, act: Callable[[], Coroutine[Any, Any, object]], how: str) -> None:
        """Ask for an act whose provider calls may get no answer; a refusal is an answer."""
        if how in OUTAGES:
            self.house.stripe.outages.plan(OUTAGES[how])
        try:
            self.run(act())
        except DomainError as refusal:
            assert refusal.code  # noqa: PT017  any refusal will do; other errors fail the law
        self.house.stripe.outages.end()

    @rule(
        target=bookings,
        email=st.sampled_from(["ada@example.com", "bo@example.com"]),
        hour=st.sampled_from([9, 10, 11]),
        discount_code=st.sampled_from([None, "WINTER10"]),
        wants_intent=st.booleans(),
        how=STEPS,
    )
    def book(
        self, email: str, hour: int, discount_code: str | None, how: str, *, wants_intent: bool
    ) -> Any:  # noqa: ANN401  the ids of what was booked
        known = set(self.house.database.bookings.rows)
        order = an_order(
            request=replace(
                a_quote_request(), pickup_time=time(hour, 0), discount_code=discount_code
            ),
            contact=a_contact(email=email),
            wants_intent=wants_intent,
        )
        self.ask(lambda: self.house.book_order(order), how)
        return multiple(*(set(self.house.database.bookings.rows) - known))

    @rule(booking_id=bookings, how=STEPS)
    def open(self, booking_id: UUID, how: str) -> None:
        self.ask(lambda: open_intent(booking_id, self.house.ports, self.house.terms), how)

    @rule(booking_id=bookings, how=STEPS)
    def open_link(self, booking_id: UUID, how: str) -> None:
        self.ask(lambda: open_payment_link(booking_id, self.house.ports, self.house.terms), how)

    @rule(booking_id=bookings, how=STEPS)
    def renew_link(self, booking_id: UUID, how: str) -> None:
        house = self.house
        self.ask(
            lambda: renew_payment_link(booking_id, house.ports, house.terms, staff_name="maria"),
            how,
        )

    @rule(data=st.data(), card=st.sampled_from([PAYS, DECLINES, NEEDS_APPROVAL, TAKES_TIME]))
    def pay_on_a_page(self, data: st.DataObject, card: str) -> None:
        pages = open_pages(self.house)
        if pages:
            self.house.checkout.pay_session(data.draw(st.sampled_from(pages)).id, card)

    @rule(data=st.data(), card=st.sampled_from([PAYS, DECLINES, NEEDS_APPROVAL, TAKES_TIME]))
    def pay(self, data: st.DataObject, card: str) -> None:
        payable = [each for each in handed_out(self.house) if each.status in TAKES_CARDS]
        if payable:
            self.house.pay(data.draw(st.sampled_from(payable)), card)

    @rule(data=st.data(), approve=st.booleans())
    def decide(self, data: st.DataObject, *, approve: bool) -> None:
        waits = {IntentStatus.PROCESSING, IntentStatus.REQUIRES_ACTION}
        waiting = [each for each in self.house.stripe.intents() if each.status in waits]
        if waiting:
            self.house.stripe.decide(data.draw(st.sampled_from(waiting)).id, approve=approve)

    @rule(data=st.data())
    def pay_an_intent_we_never_heard_of(self, data: st.DataObject) -> None:
        """Two processes at odds, a restored backup: an intent of ours that none of our rows has."""
        paying = [each for each in all_bookings(self.house) if each.total_cents]
        if paying and self.strays < MAX_STRAYS:
            self.strays += 1
            booking = data.draw(st.sampled_from(paying))
            number = 100 + self.strays
            self.house.pay(self.run(self.house.stray_intent(booking, number=number)))

    @rule(data=st.data(), how=STEPS)
    def settle(self, data: st.DataObject, how: str) -> None:
        intents = self.house.stripe.intents()
        if intents:
            intent = data.draw(st.sampled_from(intents))
            self.ask(lambda: settle_intent(intent.id, self.house.ports, self.house.terms), how)

    @rule(booking_id=bookings, staff_name=st.sampled_from([None, "maria"]), how=STEPS)
    def cancel(self, booking_id: UUID, staff_name: str | None, how: str) -> None:
        house = self.house
        by = StatusChange(booking_id=booking_id, staff_name=staff_name) if staff_name else None
        self.ask(lambda: cancel_unpaid(booking_id, house.ports, house.terms, by=by), how)

    @rule(booking_id=bookings, how=STEPS)
    def take_cash(self, booking_id: UUID, how: str) -> None:
        booking = self.house.booking(booking_id)
        self.ask(lambda: self.house.confirm_in_cash(booking), how)

    @rule(
        acts=st.tuples(st.sampled_from(Act), st.sampled_from(Act)),
        ids=st.tuples(bookings, bookings),
        call=st.sampled_from(list(Call)),
        is_before=st.booleans(),
    )
    def meet(
        self, acts: tuple[Act, Act], ids: tuple[UUID, UUID], call: Call, *, is_before: bool
    ) -> None:
        """Do one act in the middle of another's call to Stripe."""
        stripe = self.house.stripe

        async def meanwhile() -> None:
            with suppress(DomainError):
                await act(self.house, acts[1], ids[1])

        (stripe.before if is_before else stripe.after)(call, meanwhile)
        self.ask(lambda: act(self.house, acts[0], ids[0]), "answered")
        stripe.forget_deeds()

    @rule(minutes=st.sampled_from([1, 20, 40, 25 * 60]))
    def wait(self, minutes: int) -> None:
        self.house.clock.advance(timedelta(minutes=minutes))

    @rule(how=STEPS)
    def expire(self, how: str) -> None:
        self.ask(lambda: expire_holds(self.house.ports, self.house.terms, limit=10), how)

    @rule(how=STEPS)
    def check(self, how: str) -> None:
        pause = timedelta(seconds=15)
        house = self.house
        self.ask(lambda: check_payments(house.ports, house.terms, pause=pause, limit=10), how)

    @rule(target=events)
    def webhooks(self) -> Any:  # noqa: ANN401
        return multiple(*self.house.stripe.take_events())

    @rule(event=events)
    def deliver(self, event: PaymentEvent) -> None:
        self.run(take_event(event, self.house.ports))

    @rule(event=consumes(events))
    def deliver_twice(self, event: PaymentEvent) -> None:
        self.run(take_event(event, self.house.ports))
        taken_again = self.run(take_event(event, self.house.ports))
        assert not taken_again

    @rule()
    def work_off(self) -> None:
        self.run(self.house.work_off())

    @invariant()
    def taken_crews_are_those_of_active_bookings(self) -> None:
        needed = crews_needed(self.house)
        assert self.house.crews_taken() == needed
        assert all(count <= CREWS for count in needed.values())

    @invariant()
    def a_booking_has_one_live_attempt_at_most_and_none_once_it_is_over(self) -> None:
        for booking in all_bookings(self.house):
            states = [attempt.state for attempt in self.house.attempts(booking)]
            assert states.count(AttemptState.LIVE) <= 1
            if booking.status is BookingStatus.CANCELLED:
                assert AttemptState.LIVE not in states

    @invariant()
    def confirmed_bookings_are_paid_once_and_cancelled_ones_owe_back_all_they_got(self) -> None:
        for booking in all_bookings(self.house):
            kept, cash = kept_cents(self.house, booking), cash_cents(self.house, booking)
            if booking.status is BookingStatus.CONFIRMED:
                assert sorted((kept, cash)) == [0, booking.total_cents]
                paid_by_card = PaymentStatus.CANCELED if cash else PaymentStatus.SUCCEEDED
                assert own_payment_statuses(self.house, booking) == [paid_by_card]
            else:
                assert (kept, cash) == (0, 0)

    @invariant()
    def codes_used_are_those_of_active_bookings(self) -> None:
        assert set(self.house.database.code_uses.rows) == {
            each.id for each in active_bookings(self.house) if each.quote.request.discount_code
        }

    @invariant()
    def nobody_can_pay_a_booking_that_is_over(self) -> None:
        active = {booking.id for booking in active_bookings(self.house)}
        for intent in handed_out(self.house):
            assert intent.booking_id in active or intent.status not in TAKES_CARDS
        assert {page.booking_id for page in open_pages(self.house)} <= active

    @invariant()
    def what_goes_back_never_exceeds_what_came(self) -> None:
        for intent in self.house.stripe.intents():
            refunds = [each for each in self.house.stripe.refunds() if each.intent_id == intent.id]
            assert sum(each.amount_cents for each in refunds) <= intent.amount_received_cents
            assert len({each.refund_id for each in refunds}) == len(refunds)

    @invariant()
    def each_booking_owes_its_courier_tasks_once_if_it_was_ever_confirmed(self) -> None:
        tasks = [
            effect.payload["booking_id"]
            for effect in self.house.effects(EffectKind.CREATE_COURIER_TASKS)
        ]
        confirmed = [
            str(each.id)
            for each in all_bookings(self.house)
            if each.status is BookingStatus.CONFIRMED
        ]
        assert sorted(tasks) == sorted(confirmed)

    @invariant()
    def the_ledger_balances_and_has_what_payments_and_refunds_say(self) -> None:
        check_ledger(self.house)

    def teardown(self) -> None:
        """Let everybody finish: then Stripe, our rows and the outbox are at rest and agree."""
        try:
            self.come_to_rest()
            self.all_is_at_rest()
        finally:
            self.loop.close()

    def come_to_rest(self) -> None:
        house = self.house
        for intent in house.stripe.intents():
            if intent.status is IntentStatus.PROCESSING:
                house.stripe.decide(intent.id, approve=True)
            self.run(settle_intent(intent.id, house.ports, house.terms))
        house.clock.advance(timedelta(hours=1))
        self.run(expire_holds(house.ports, house.terms, limit=100))
        for event in house.stripe.take_events():
            self.run(take_event(event, house.ports))
        self.run(self.sweep())
        self.run(house.work_off())

    async def sweep(self) -> None:
        """Give a job to what was put off while a bank was still at it."""
        async with self.house.ports.unit_of_work() as uow:
            await uow.outbox.defer_due(now=self.house.clock(), limit=1_000)
            await uow.commit()

    def all_is_at_rest(self) -> None:
        house = self.house
        for check in (
            self.taken_crews_are_those_of_active_bookings,
            self.confirmed_bookings_are_paid_once_and_cancelled_ones_owe_back_all_they_got,
            self.what_goes_back_never_exceeds_what_came,
            self.the_ledger_balances_and_has_what_payments_and_refunds_say,
        ):
            check()
        assert not [each for each in handed_out(house) if each.status in TAKES_CARDS]
        assert open_pages(house) == []
        rows = house.database.effects.rows.values()
        left = [row.effect for row in rows if row.effect.state is not EffectState.DONE]
        assert [each for each in left if not waits_for_its_day(each)] == []
        assert {each.status for each in all_bookings(self.house)} <= {
            BookingStatus.CONFIRMED,
            BookingStatus.CANCELLED,
        }
        received = sum(intent.amount_received_cents for intent in house.stripe.intents())
        given_back = sum(refund.amount_cents for refund in house.stripe.refunds())
        kept = sum(booking.total_cents for booking in active_bookings(house))
        cash = sum(cash_cents(house, booking) for booking in all_bookings(house))
        assert received - given_back == kept - cash


TestSettling = Settling.TestCase
