"""What payments and intents may disagree about: planted, found, named, and mended where said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_ledger_entry, an_attempt
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.interrupted_gateway import Call
from tests.core.payments.refunding import a_paid_booking
from tests.core.reconciliation.drifting import named, outcomes, plant, plant_payment, reconciled
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.payment import AttemptState, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.reconciliation.drift import DriftKind, Outcome

PAID = DriftKind.PAID_AT_STRIPE_PENDING_HERE


async def test_given_a_lost_webhook_when_reconciled_then_the_payment_is_named_and_not_touched() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    found = await reconciled(house)

    assert outcomes(found) == [(PAID, Outcome.REPAIRABLE)]
    [drift] = [one.drift for one in found.unmended]
    assert (drift.booking_number, drift.intent_id) == (booking.booking_number, intent.id)
    assert (drift.expected_cents, drift.actual_cents) == (99_500, 99_500)
    assert house.booking(booking.id).status is BookingStatus.PENDING


async def test_given_a_lost_webhook_when_repaired_then_the_booking_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(PAID, Outcome.REPAIRED)]
    assert found.unmended == ()
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert await named(house) == []


async def test_given_a_payment_of_just_now_when_reconciled_then_its_webhook_may_be_on_its_way() -> (
    None
):
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.clock.advance(timedelta(minutes=20))
    house.pay(intent)

    young = await reconciled(house, after=timedelta(minutes=4))
    old = await reconciled(house, after=timedelta(minutes=2))

    assert outcomes(young) == []
    assert outcomes(old) == [(PAID, Outcome.REPAIRABLE)]


async def test_given_a_payment_settled_while_we_look_when_reconciled_then_nothing_is_named() -> (
    None
):
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)

    async def settle() -> object:
        return await house.settle(intent)

    house.clock.advance(timedelta(minutes=20))
    house.stripe.after(Call.GET_INTENT, settle)
    found = await reconciled(house, after=timedelta(0))

    assert outcomes(found) == []


async def test_given_a_booking_that_stands_unpaid_when_it_is_paid_then_its_money_is_taken_in() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    plant(house.database.bookings, booking.id, house.booking(booking.id).confirm(at=house.clock()))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(PAID, Outcome.REPAIRED)]
    assert house.refunds(booking) == []
    assert await named(house) == []


async def test_given_another_amount_at_stripe_when_reconciled_then_it_is_left_to_a_person() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    [payment] = house.payments(booking)
    plant_payment(house, replace(payment, amount_cents=90_000))

    found = await reconciled(house, repair=True)

    assert outcomes(found)[0] == (DriftKind.AMOUNT_DIFFERS, Outcome.LEFT)
    first = found.drifts[0].drift
    assert (first.expected_cents, first.actual_cents) == (90_000, 99_500)
    assert first.left_because is not None


async def test_given_a_live_intent_of_another_amount_when_reconciled_then_it_is_named_unpaid() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()
    [payment] = house.payments(booking)
    plant_payment(house, replace(payment, amount_cents=90_000))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.AMOUNT_DIFFERS, Outcome.LEFT)]


async def test_given_an_intent_no_attempt_has_when_repaired_then_it_is_taken_up() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    stray = await house.stray_intent(booking)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.INTENT_WITHOUT_PAYMENT, Outcome.REPAIRED)]
    assert stray.id in {attempt.intent_id for attempt in house.attempts(booking)}
    assert await named(house) == []


async def test_given_an_intent_of_a_booking_we_lost_when_reconciled_then_a_person_is_asked() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    _lose(house)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.INTENT_WITHOUT_PAYMENT, Outcome.LEFT)]
    drift = found.drifts[0].drift
    assert (drift.booking_id, drift.intent_id, drift.actual_cents) == (None, intent.id, 99_500)
    assert str(booking.id) in drift.detail


@pytest.mark.parametrize("days", [0, 10])
async def test_given_a_payment_stripe_does_not_know_when_reconciled_then_it_is_named(
    days: int,
) -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    [payment] = house.payments(booking)
    attempt = an_attempt(payment, created_at=house.clock() - timedelta(days=days))
    paid = replace(attempt, intent_id="pi_nowhere", state=AttemptState.SUCCEEDED)
    plant(house.database.attempts, paid.id, paid)
    plant_payment(house, replace(payment, status=PaymentStatus.SUCCEEDED))
    plant(house.database.bookings, booking.id, booking.confirm(at=house.clock()))
    entry = a_ledger_entry(payment, cause=f"charge:{payment.id}")
    plant(house.database.ledger_entries, entry.id, entry)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.PAYMENT_WITHOUT_INTENT, Outcome.LEFT)]
    assert "unknown" in found.drifts[0].drift.detail


async def test_given_a_payment_whose_intent_waits_at_stripe_when_reconciled_then_it_is_named() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    plant_payment(house, payment.succeed(intent, at=house.clock()))
    plant(house.database.attempts, attempt.id, replace(attempt, state=AttemptState.SUCCEEDED))

    found = await reconciled(house, repair=True)

    assert (DriftKind.PAYMENT_WITHOUT_INTENT, Outcome.LEFT) in outcomes(found)


async def test_given_two_payments_of_one_booking_when_repaired_then_the_second_goes_back() -> None:
    house = await a_house()
    booking, first = await house.book_unpaid()
    second = await house.stray_intent(booking)
    house.pay(first)
    house.clock.advance(timedelta(minutes=1))
    house.pay(second)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [
        (PAID, Outcome.REPAIRED),
        (DriftKind.TWO_SUCCESSES, Outcome.REPAIRED),
    ]
    [refund] = house.refunds(booking)
    assert (refund.amount_cents, refund.status) == (99_500, RefundStatus.APPROVED)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert await named(house) == []


async def test_given_a_second_payment_whose_refund_failed_when_reconciled_then_it_is_named() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    second = await house.stray_intent(booking)
    house.pay(second)
    await house.settle(second)
    await house.work_off()
    [refund] = house.refunds(booking)
    house.stripe.settle_refund(str(refund.stripe_refund_id), succeeds=False)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [
        (DriftKind.TWO_SUCCESSES, Outcome.LEFT),
        (DriftKind.REFUND_STUCK_HERE, Outcome.REPAIRED),
    ]
    purposes = {one.id: one.purpose for one in house.payments(booking)}
    left = found.unmended[0].drift
    assert left.payment_id is not None
    assert purposes[left.payment_id] is PaymentPurpose.DUPLICATE
    assert left.actual_cents == 99_500


async def test_given_a_booking_confirmed_unpaid_when_reconciled_then_it_is_named() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    plant(house.database.bookings, booking.id, house.booking(booking.id).confirm(at=house.clock()))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.CONFIRMED_WITHOUT_PAYMENT, Outcome.LEFT)]
    assert found.drifts[0].drift.expected_cents == 99_500
    assert house.payments(booking)[0].status is PaymentStatus.PENDING


def _lose(house: MemoryHouse) -> None:
    """Take every booking with all that is its own away, as an old backup would."""
    for table in (house.database.attempts, house.database.payments, house.database.bookings):
        table.publish(dict.fromkeys(tuple(table.rows)))
