"""Cash: the card is called off first, the ledger has it, and a cancellation hands it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.builders import DEFAULT_BOOK, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house, by_staff
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.booking_version import StaleVersionError
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking, preview_cancellation
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.show_booking import read_booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.booking_money import MovementKind
from totetaxi_core.payments.gateway import IntentStatus, PaymentUnavailableError
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.reconciliation.keep_watch import keep_watch

TOTAL_CENTS = 99_500


async def balances(house: MemoryHouse) -> dict[Account, int]:
    async with house.ports.unit_of_work() as uow:
        found = await uow.ledger.balances()
    return {account: cents for account, cents in found.items() if cents}


async def cancel(booking: Booking, house: MemoryHouse, *, staff_name: str | None) -> int:
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    offer = await preview_cancellation(cancelling, house.ports)
    await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )
    return offer.refund_cents


async def test_given_a_pending_booking_when_confirmed_in_cash_then_its_card_is_called_off() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    confirmed = await confirm_in_cash(
        by_staff(booking, name="lou", notes="paid at the desk"), house.ports, house.terms
    )

    [payment] = house.payments(booking)
    [act] = house.acts()
    assert confirmed == house.booking(booking.id)
    assert (confirmed.status, confirmed.hold_expires_at) == (BookingStatus.CONFIRMED, None)
    assert (await house.stripe.get_intent(intent.id)).status is IntentStatus.CANCELED
    assert (payment.status, house.attempt_states(booking)) == (
        PaymentStatus.CANCELED,
        [(1, AttemptState.ENDED)],
    )
    assert await balances(house) == {Account.CASH: TOTAL_CENTS, Account.REVENUE: -TOTAL_CENTS}
    assert (act.staff_name, act.action_type) == ("lou", "booking_update")
    assert act.description.endswith("99500 cents taken in cash: paid at the desk")
    assert (act.before, act.after) == (
        {"status": "pending", "version": 1},
        {"status": "confirmed", "version": 2},
    )
    assert house.owed_messages()[-3:] == [
        MessageKind.BOOKING_CONFIRMED,
        MessageKind.RECEIPT,
        MessageKind.REMINDER,
    ]
    assert len(house.effects(EffectKind.CREATE_COURIER_TASKS)) == 1


async def test_given_a_booking_paid_in_cash_when_shown_then_its_money_page_has_the_cash() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    await house.confirm_in_cash(booking)
    await cancel(booking, house, staff_name="maria")

    money = (await read_booking(booking.id, house.ports, staff_name="maria")).money

    assert [(one.kind, one.amount_cents) for one in money.movements] == [
        (MovementKind.CASH, TOTAL_CENTS),
        (MovementKind.CASH_RETURNED, TOTAL_CENTS),
    ]
    assert (money.charged_cents, money.refunded_cents, money.net_cents) == (
        TOTAL_CENTS,
        TOTAL_CENTS,
        0,
    )


async def test_given_bookings_paid_in_cash_when_reconciled_then_nothing_is_missed() -> None:
    house = await a_house(book=book_with_code(max_uses=2))
    for place, day in enumerate((1, 2)):
        request = replace(
            a_quote_request(), pickup_date=date(2026, 12, day), discount_code="WINTER10"
        )
        booking, _ = await house.book_unpaid(request=request)
        await house.confirm_in_cash(booking)
        if place:
            await cancel(booking, house, staff_name="maria")
    await house.work_off()
    house.clock.advance(timedelta(hours=1))

    report = await keep_watch(house.ports, house.terms)

    assert (report.drifts, report.compared > 0) == ((), True)


async def test_given_cash_when_staff_cancel_then_all_is_handed_back_and_they_are_told() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    await house.confirm_in_cash(booking)

    back_cents = await cancel(booking, house, staff_name="maria")
    await house.work_off()

    [alert] = house.messages(MessageKind.STAFF_ALERT)
    [letter] = house.messages(MessageKind.BOOKING_CANCELLED)
    assert back_cents == TOTAL_CENTS
    assert await balances(house) == {Account.REVENUE: -TOTAL_CENTS, Account.REFUNDS: TOTAL_CENTS}
    assert alert.subject == f"Hand back $995.00 in cash for {booking.booking_number}"
    assert alert.to == house.terms.staff_email
    assert "hand you back $995.00" in letter.text
    assert "card" not in letter.text
    assert house.refunds(booking) == []


async def test_given_cash_when_its_customer_cancels_late_then_half_comes_back_by_the_terms() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    await house.confirm_in_cash(booking)
    house.clock.advance(booking.pickup_at - house.clock() - timedelta(hours=30))

    back_cents = await cancel(booking, house, staff_name=None)

    assert back_cents == TOTAL_CENTS // 2
    assert (await balances(house))[Account.CASH] == TOTAL_CENTS - back_cents


async def test_given_taxed_cash_when_half_is_handed_back_then_its_tax_goes_with_it() -> None:
    house = await a_house()
    packing = DEFAULT_BOOK.organizing_services[0].id
    request = replace(a_quote_request(), organizing_service_ids=(packing,))
    booking, _ = await house.book_unpaid(request=request)
    await house.confirm_in_cash(booking)
    tax_cents = -(await balances(house))[Account.TAX]
    house.clock.advance(booking.pickup_at - house.clock() - timedelta(hours=30))

    await cancel(booking, house, staff_name=None)

    kept = await balances(house)
    back_cents = booking.total_cents // 2
    assert tax_cents > 0
    assert tax_cents + kept[Account.TAX] == tax_cents * back_cents // booking.total_cents
    assert kept[Account.CASH] == booking.total_cents - back_cents
    assert sum(kept.values()) == 0


async def test_given_a_code_and_cash_when_cancelled_then_its_use_counts_as_a_paid_one_does() -> (
    None
):
    house = await a_house(book=book_with_code(max_uses=1))
    booking, _ = await house.book_unpaid(
        request=replace(a_quote_request(), discount_code="WINTER10")
    )
    uses = dict(house.database.code_uses.rows)
    await house.confirm_in_cash(booking)

    await cancel(booking, house, staff_name="maria")

    assert len(uses) == 1
    assert dict(house.database.code_uses.rows) == uses


async def test_given_a_card_that_was_faster_when_confirmed_in_cash_then_it_is_refused() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    with pytest.raises(InvalidTransitionError, match="is confirmed already"):
        await house.confirm_in_cash(booking)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert await balances(house) == {Account.STRIPE: TOTAL_CENTS, Account.REVENUE: -TOTAL_CENTS}


async def test_given_a_bank_that_takes_its_time_when_confirmed_in_cash_then_it_waits() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError):
        await house.confirm_in_cash(booking)

    assert house.booking(booking.id).status is BookingStatus.PENDING
    assert await balances(house) == {}


async def test_given_a_silent_stripe_when_confirmed_in_cash_then_nothing_has_changed() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    house.stripe.outages.plan(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await house.confirm_in_cash(booking)

    assert house.booking(booking.id) == booking
    assert await balances(house) == {}


async def test_given_a_payment_begun_meanwhile_when_confirmed_in_cash_then_that_is_closed_too() -> (
    None
):
    house = await a_house()
    booking, first = await house.book_unpaid()

    async def begin_another() -> None:
        await house.end_here(house.attempts(booking)[0])
        await open_intent(booking.id, house.ports, house.terms)

    house.stripe.before(Call.CANCEL_INTENT, begin_another)

    await house.confirm_in_cash(booking)

    states = {each.id: each.status for each in house.stripe.intents()}
    assert len(states) == 2
    assert set(states.values()) == {IntentStatus.CANCELED}
    assert first.id in states


async def test_given_another_version_when_confirmed_in_cash_then_stripe_is_not_asked() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    with pytest.raises(StaleVersionError):
        await confirm_in_cash(by_staff(booking, seen=9), house.ports, house.terms)

    assert (await house.stripe.get_intent(intent.id)).status is not IntentStatus.CANCELED
    assert house.booking(booking.id) == booking
