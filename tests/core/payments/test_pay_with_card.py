import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.customers.carding import a_stored_customer, save
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import (
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL,
    NEEDS_APPROVAL_ONCE,
    PAYS,
    TAKES_TIME,
)
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod, PaymentMethodNotFoundError
from totetaxi_core.customers.save_cards import remove_card
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentDeclinedError,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_core.payments.payable import NotPayableError
from totetaxi_core.payments.payment import AttemptState, PaymentStatus

DAY = timedelta(days=1)


class Scene(NamedTuple):
    """A customer with a saved card and a booking of theirs that is not paid."""

    house: MemoryHouse
    customer: Customer
    card: PaymentMethod
    booking: Booking

    async def pay(self, card: PaymentMethod | None = None) -> PaymentIntent:
        return await pay_with_card(
            self.booking.id,
            (card or self.card).id,
            self.house.ports,
            self.house.terms,
            customer_id=self.customer.id,
        )

    @property
    def status(self) -> BookingStatus:
        return self.house.booking(self.booking.id).status

    @property
    def charged(self) -> list[PaymentIntent]:
        """Return the intents that took money."""
        return [each for each in self.house.stripe.intents() if each.amount_received_cents]


async def a_scene(card: str = PAYS) -> Scene:
    house = await a_house()
    customer = await a_stored_customer(house)
    saved = await save(house, customer, card)
    order = an_order(
        customer_id=customer.id, placed_by="customer", contact=customer.contact, wants_intent=False
    )
    return Scene(house, customer, saved, (await house.book_order(order)).booking)


@pytest.mark.parametrize("card", [PAYS, NEEDS_APPROVAL_ONCE])
async def test_given_a_saved_card_when_paid_with_then_the_booking_is_confirmed_at_once(
    card: str,
) -> None:
    scene = await a_scene(card)

    intent = await scene.pay()

    [payment] = scene.house.payments(scene.booking)
    assert intent.status is IntentStatus.SUCCEEDED
    assert intent.stripe_payment_method_id == scene.card.stripe_payment_method_id
    assert scene.status is BookingStatus.CONFIRMED
    assert (payment.status, payment.card_last_four) == (PaymentStatus.SUCCEEDED, card[-4:])
    assert scene.house.attempt_states(scene.booking) == [(1, AttemptState.SUCCEEDED)]
    assert MessageKind.BOOKING_CONFIRMED in scene.house.owed_messages()


async def test_given_a_paid_booking_when_its_card_is_sent_again_then_the_answer_is_the_same() -> (
    None
):
    scene = await a_scene()
    first = await scene.pay()

    second = await scene.pay()

    assert second.id == first.id
    assert len(scene.charged) == 1


async def test_given_a_paid_booking_when_another_card_is_sent_then_it_is_refused() -> None:
    scene = await a_scene()
    other = await save(scene.house, scene.customer)
    await scene.pay()

    with pytest.raises(NotPayableError):
        await scene.pay(other)

    assert len(scene.charged) == 1


async def test_given_a_booking_cancelled_after_it_was_paid_when_sent_again_then_it_is_refused() -> (
    None
):
    scene = await a_scene()
    await scene.pay()
    now = scene.house.clock()
    async with scene.house.ports.unit_of_work() as uow:
        paid = await uow.bookings.get(scene.booking.id, lock=True)
        await uow.bookings.save(replace(paid, status=BookingStatus.CANCELLED, updated_at=now))
        await uow.commit()

    with pytest.raises(NotPayableError):
        await scene.pay()

    assert len(scene.charged) == 1


async def test_given_a_card_that_is_declined_when_paid_with_then_another_one_can_pay() -> None:
    scene = await a_scene(DECLINES_ONCE_SAVED)
    good = await save(scene.house, scene.customer)

    with pytest.raises(PaymentDeclinedError):
        await scene.pay()
    after = scene.status
    intent = await scene.pay(good)

    assert after is BookingStatus.PENDING
    assert intent.status is IntentStatus.SUCCEEDED
    assert scene.status is BookingStatus.CONFIRMED
    assert len(scene.charged) == 1


async def test_given_a_card_that_is_declined_when_its_payer_types_another_then_that_pays() -> None:
    scene = await a_scene(DECLINES_ONCE_SAVED)
    with pytest.raises(PaymentDeclinedError):
        await scene.pay()

    intent = await open_intent(scene.booking.id, scene.house.ports, scene.house.terms)
    await scene.house.settle(scene.house.pay(intent))

    assert scene.status is BookingStatus.CONFIRMED
    assert len(scene.house.stripe.intents()) == 1


async def test_given_a_bank_that_asks_when_paid_with_then_its_payer_finishes_the_intent() -> None:
    scene = await a_scene(NEEDS_APPROVAL)

    first = await scene.pay()
    again = await scene.pay()
    waiting = scene.status
    await scene.house.settle(scene.house.stripe.decide(first.id, approve=True))

    assert first.status is again.status is IntentStatus.REQUIRES_ACTION
    assert first.id == again.id
    assert first.client_secret
    assert waiting is BookingStatus.PENDING
    assert scene.status is BookingStatus.CONFIRMED


async def test_given_a_bank_that_asks_when_the_link_is_opened_then_any_card_pays_there() -> None:
    scene = await a_scene(NEEDS_APPROVAL)
    intent = await scene.pay()

    session = await open_payment_link(scene.booking.id, scene.house.ports, scene.house.terms)
    paid = scene.house.checkout.pay_session(session.id, PAYS)
    await scene.house.settle(paid)

    gone = await scene.house.stripe.get_intent(intent.id)
    assert gone.status is IntentStatus.CANCELED
    assert scene.status is BookingStatus.CONFIRMED
    assert len(scene.charged) == 1


async def test_given_a_bank_that_asks_when_another_card_is_sent_then_the_first_gives_way() -> None:
    scene = await a_scene(NEEDS_APPROVAL)
    good = await save(scene.house, scene.customer)
    first = await scene.pay()

    second = await scene.pay(good)

    assert second.status is IntentStatus.SUCCEEDED
    assert (await scene.house.stripe.get_intent(first.id)).status is IntentStatus.CANCELED
    assert scene.status is BookingStatus.CONFIRMED


async def test_given_a_bank_that_takes_its_time_when_paid_with_then_it_is_under_way() -> None:
    scene = await a_scene(TAKES_TIME)

    intent = await scene.pay()

    [payment] = scene.house.payments(scene.booking)
    assert intent.status is IntentStatus.PROCESSING
    assert payment.status is PaymentStatus.PROCESSING
    assert scene.status is BookingStatus.PENDING


async def test_given_an_open_pay_page_when_paid_with_a_card_then_the_page_gives_way() -> None:
    scene = await a_scene()
    session = await open_payment_link(scene.booking.id, scene.house.ports, scene.house.terms)

    intent = await scene.pay()

    assert intent.status is IntentStatus.SUCCEEDED
    assert (await scene.house.checkout.get_session(session.id)).url is None
    assert len(scene.charged) == 1


async def test_given_two_who_pay_at_once_when_done_then_it_is_charged_once() -> None:
    scene = await a_scene()
    other = await save(scene.house, scene.customer)

    answers = await asyncio.gather(
        scene.pay(), scene.pay(), scene.pay(other), return_exceptions=True
    )

    assert any(isinstance(answer, PaymentIntent) for answer in answers)
    assert len(scene.charged) == 1
    assert scene.status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("lost_call", range(5))
@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_a_lost_answer_when_paid_again_then_it_is_charged_once(
    lost_call: int, outage: Outage
) -> None:
    scene = await a_scene()
    scene.house.stripe.outages.plan(*[None] * lost_call, outage)

    for _ in range(2):
        try:
            await scene.pay()
        except PaymentUnavailableError:
            continue

    assert len(scene.charged) == 1
    assert scene.status is BookingStatus.CONFIRMED


async def test_given_a_death_after_the_charge_when_nobody_comes_back_then_it_is_confirmed() -> None:
    scene = await a_scene()
    scene.house.stripe.outages.plan(None, Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await scene.pay()
    scene.house.clock.advance(timedelta(minutes=1))

    await check_payments(scene.house.ports, scene.house.terms, pause=timedelta(), limit=10)

    assert scene.status is BookingStatus.CONFIRMED
    assert len(scene.charged) == 1


@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_an_intent_whose_answer_was_lost_when_the_hold_ends_then_no_card_is_charged(
    outage: Outage,
) -> None:
    scene = await a_scene()
    scene.house.stripe.outages.plan(outage)
    with pytest.raises(PaymentUnavailableError):
        await scene.pay()
    scene.house.clock.advance(scene.house.terms.hold)

    await expire_holds(scene.house.ports, scene.house.terms, limit=10)

    assert scene.status is BookingStatus.CANCELLED
    assert scene.charged == []


async def test_given_a_customer_deleted_at_stripe_when_the_hold_ends_then_it_does() -> None:
    scene = await a_scene()
    scene.house.stripe.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await scene.pay()
    [stripe_id] = scene.house.cards.customers()
    await scene.house.cards.delete_customer(stripe_id)
    scene.house.clock.advance(scene.house.terms.hold)

    await expire_holds(scene.house.ports, scene.house.terms, limit=10)

    assert scene.status is BookingStatus.CANCELLED


async def test_given_a_hold_that_ends_before_the_charge_when_paid_then_it_is_refused() -> None:
    scene = await a_scene()

    async def lapse() -> None:
        scene.house.clock.advance(scene.house.terms.hold)
        await expire_holds(scene.house.ports, scene.house.terms, limit=10)

    scene.house.stripe.before(Call.CONFIRM_INTENT, lapse)

    with pytest.raises(NotPayableError):
        await scene.pay()

    assert scene.status is BookingStatus.CANCELLED
    assert scene.charged == []


async def test_given_a_card_detached_at_stripe_when_paid_with_then_it_is_declined() -> None:
    scene = await a_scene()
    await scene.house.cards.detach(scene.card.stripe_payment_method_id)

    with pytest.raises(PaymentDeclinedError, match="no longer"):
        await scene.pay()

    assert scene.status is BookingStatus.PENDING


async def test_given_a_removed_card_when_paid_with_then_it_is_not_there() -> None:
    scene = await a_scene()
    await remove_card(scene.customer.id, scene.card.id, scene.house.ports)

    with pytest.raises(PaymentMethodNotFoundError):
        await scene.pay()

    assert scene.house.stripe.intents() == ()


async def test_given_another_s_booking_or_card_when_paid_then_neither_is_there() -> None:
    scene = await a_scene()
    eve = await a_stored_customer(scene.house, email="eve@example.com")
    hers = await save(scene.house, eve)
    ports, terms = scene.house.ports, scene.house.terms

    with pytest.raises(BookingNotFoundError):
        await pay_with_card(scene.booking.id, hers.id, ports, terms, customer_id=eve.id)
    with pytest.raises(PaymentMethodNotFoundError):
        await pay_with_card(scene.booking.id, hers.id, ports, terms, customer_id=scene.customer.id)
    with pytest.raises(BookingNotFoundError):
        await pay_with_card(an_id(), hers.id, ports, terms, customer_id=eve.id)

    assert scene.house.stripe.intents() == ()


async def test_given_a_key_that_stripe_forgot_when_paid_then_the_intent_is_found_and_charged() -> (
    None
):
    scene = await a_scene()
    house = scene.house
    scene.house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await scene.pay()
    async with house.ports.unit_of_work() as uow:
        booking = await uow.bookings.get(scene.booking.id, lock=True)
        kept = house.clock() + 3 * DAY
        await uow.bookings.save(replace(booking, hold_expires_at=kept))
        await uow.commit()
    house.clock.advance(2 * DAY)

    await scene.pay()

    assert len(house.stripe.intents()) == len(scene.charged) == 1
    assert scene.status is BookingStatus.CONFIRMED
