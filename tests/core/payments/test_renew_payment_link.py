"""Staff send a guest a new link to pay."""

import asyncio
from dataclasses import replace

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.payments.checkout import SessionStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentUnavailableError
from totetaxi_core.payments.open_payment_link import RenewedLink, renew_payment_link
from totetaxi_core.payments.payable import NotPayableError
from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.unit_of_work import UnitOfWork


async def book_by_staff(house: MemoryHouse) -> Booking:
    return (await house.book_order(an_order(placed_by="maria", wants_intent=False))).booking


async def renew(house: MemoryHouse, booking: Booking) -> RenewedLink:
    return await renew_payment_link(booking.id, house.ports, house.terms, staff_name="lou")


def url_of(house: MemoryHouse, booking: Booking) -> str:
    token = house.terms.manage_tokens.token(booking.id)
    return f"https://totetaxi.example/api/public/pay?manage_token={token}"


async def test_given_no_page_yet_when_renewed_then_one_is_open_mailed_and_on_record() -> None:
    house = await a_house()
    booking = await book_by_staff(house)

    link = await renew(house, booking)
    await house.work_off()

    [session] = house.checkout.sessions()
    [mail] = house.messages(MessageKind.PAYMENT_LINK)
    assert session.status is SessionStatus.OPEN
    assert (link.url, link.lapses_at) == (url_of(house, booking), booking.hold_expires_at)
    assert not link.has_replaced
    assert link.url in text_with_tokens(mail, house.terms).splitlines()
    assert "until 10:00 on November 24" in mail.text
    act = house.acts()[-1]
    assert (act.staff_name, act.booking_id) == ("lou", booking.id)
    assert booking.booking_number in act.description


async def test_given_an_open_page_when_renewed_then_the_old_is_expired_before_the_new_is_made() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    old = await house.open_link(booking)
    house.stripe.calls.clear()

    link = await renew(house, booking)

    assert link.has_replaced
    assert [session.status for session in house.checkout.sessions()] == [
        SessionStatus.EXPIRED,
        SessionStatus.OPEN,
    ]
    assert house.checkout.sessions()[0].id == old.id
    order = house.stripe.calls
    assert order.index(Call.EXPIRE_SESSION) < order.index(Call.CREATE_SESSION)
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def test_given_a_link_renewed_twice_when_worked_off_then_two_mails_went() -> None:
    house = await a_house()
    booking = await book_by_staff(house)

    await renew(house, booking)
    await renew(house, booking)
    await house.work_off()

    assert len(house.messages(MessageKind.PAYMENT_LINK)) == 2
    assert [act.staff_name for act in house.acts()] == ["maria", "lou", "lou"]


async def test_given_two_who_renew_at_once_when_done_then_one_attempt_is_live() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    await house.open_link(booking)

    await asyncio.gather(renew(house, booking), renew(house, booking))

    live = [state for _, state in house.attempt_states(booking) if state is AttemptState.LIVE]
    open_ones = [one for one in house.checkout.sessions() if one.status is SessionStatus.OPEN]
    assert (len(live), len(open_ones)) == (1, 1)


async def test_given_a_payer_who_was_faster_when_renewed_then_it_is_settled_alone() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    old = await house.open_link(booking)
    house.checkout.pay_session(old.id, PAYS)

    with pytest.raises(NotPayableError) as refusal:
        await renew(house, booking)

    assert refusal.value.code == "invalid_transition"
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert MessageKind.PAYMENT_LINK not in house.owed_messages()
    assert len(house.checkout.sessions()) == 1


async def test_given_an_intent_that_waits_when_renewed_then_no_page_is_replaced() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid(placed_by="maria")

    link = await renew(house, booking)

    assert not link.has_replaced
    assert (await house.stripe.get_intent(intent.id)).status is IntentStatus.CANCELED


@pytest.mark.parametrize("call", [1, 2])
async def test_given_stripe_silent_when_renewed_then_nothing_is_mailed_and_the_booking_stands(
    call: int,
) -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    await house.open_link(booking)
    house.stripe.outages.plan(*[None] * call, Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await renew(house, booking)

    assert MessageKind.PAYMENT_LINK not in house.owed_messages()
    assert [act.staff_name for act in house.acts()] == ["maria"]
    assert house.booking(booking.id).status is BookingStatus.PENDING


async def test_given_a_booking_that_is_over_when_renewed_then_it_is_refused() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    await house.cancel(booking)

    with pytest.raises(NotPayableError):
        await renew(house, booking)

    assert house.checkout.sessions() == ()


async def test_given_a_booking_that_ended_while_at_stripe_when_renewed_then_none_is_mailed() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.after(Call.CREATE_SESSION, lambda: house.cancel(booking))

    with pytest.raises(NotPayableError):
        await renew(house, booking)

    assert MessageKind.PAYMENT_LINK not in house.owed_messages()
    assert house.checkout.sessions()[0].status is SessionStatus.EXPIRED


async def test_given_a_hold_that_lapsed_after_the_page_was_made_when_renewed_then_no_mail() -> None:
    house = await a_house()
    booking = await book_by_staff(house)

    def unit_of_work() -> UnitOfWork:
        """Let the hold lapse once the page's id is stored."""
        if any(attempt.session_id for attempt in house.attempts(booking)):
            house.clock.advance(house.terms.staff_hold)
        return MemoryUnitOfWork(house.database)

    house.ports = replace(house.ports, unit_of_work=unit_of_work)

    with pytest.raises(NotPayableError):
        await renew(house, booking)

    assert MessageKind.PAYMENT_LINK not in house.owed_messages()
    assert [act.staff_name for act in house.acts()] == ["maria"]
