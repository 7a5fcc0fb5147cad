from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_dispute, a_refund
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_payment
from totetaxi_core.payments.dispute import Dispute, DisputeStatus
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refundable import RefundExceedsPaymentError

MINUTE = timedelta(minutes=1)


async def store_dispute(uow_factory: UowFactory, dispute: Dispute | None = None) -> Dispute:
    stored = dispute or a_dispute(await store_payment(uow_factory()))
    async with uow_factory() as uow:
        await uow.disputes.add(stored)
        await uow.commit()
    return stored


async def ask_back(uow_factory: UowFactory, payment: Payment, *, amount_cents: int) -> None:
    async with uow_factory() as uow:
        await uow.refunds.add(a_refund(payment, amount_cents=amount_cents))
        await uow.commit()


def lost(dispute: Dispute) -> Dispute:
    return replace(
        dispute, status=DisputeStatus.LOST, due_by=None, updated_at=dispute.updated_at + MINUTE
    )


async def test_given_a_dispute_when_found_by_stripes_id_then_it_is_equal(
    uow_factory: UowFactory,
) -> None:
    dispute = await store_dispute(uow_factory)
    await store_dispute(uow_factory)

    async with uow_factory() as uow:
        found = await uow.disputes.find(dispute.stripe_dispute_id)
        none = await uow.disputes.find("dp_of_nobody")

    assert (found, none) == (dispute, None)


async def test_given_a_dispute_when_saved_then_it_stands_as_saved(uow_factory: UowFactory) -> None:
    dispute = await store_dispute(uow_factory)

    async with uow_factory() as uow:
        await uow.disputes.save(lost(dispute))
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.disputes.find(dispute.stripe_dispute_id) == lost(dispute)


async def test_given_a_bookings_disputes_when_asked_for_then_they_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    second = a_dispute(payment, withdrawn_cents=0, created_at=NOW + MINUTE)
    first = a_dispute(payment, withdrawn_cents=100)
    for dispute in (second, first):
        await store_dispute(uow_factory, dispute)
    await store_dispute(uow_factory)

    async with uow_factory() as uow:
        found = await uow.disputes.of_booking(payment.booking_id)

    assert found == (first, second)


async def test_given_an_uncommitted_dispute_when_left_then_it_is_not_stored(
    uow_factory: UowFactory,
) -> None:
    dispute = a_dispute(await store_payment(uow_factory()))

    async with uow_factory() as uow:
        await uow.disputes.add(dispute)

    async with uow_factory() as uow:
        assert await uow.disputes.find(dispute.stripe_dispute_id) is None


async def test_given_a_part_lost_when_a_refund_of_more_than_the_rest_is_added_then_refused(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    dispute = a_dispute(payment, withdrawn_cents=payment.amount_cents - 100)
    await store_dispute(uow_factory, lost(dispute))

    with pytest.raises(RefundExceedsPaymentError):
        await ask_back(uow_factory, payment, amount_cents=101)
    await ask_back(uow_factory, payment, amount_cents=100)

    async with uow_factory() as uow:
        [refund] = await uow.refunds.of_booking(payment.booking_id)
    assert refund.amount_cents == 100


@pytest.mark.parametrize(
    ("status", "is_refundable", "is_taken"),
    [
        (DisputeStatus.OPEN, False, False),
        (DisputeStatus.OPEN, True, True),
        (DisputeStatus.INQUIRY, False, True),
        (DisputeStatus.WON, False, True),
    ],
)
async def test_given_a_dispute_without_money_when_a_refund_is_added_then_an_open_one_blocks_it(
    uow_factory: UowFactory, status: DisputeStatus, *, is_refundable: bool, is_taken: bool
) -> None:
    payment = await store_payment(uow_factory())
    idle = a_dispute(payment, withdrawn_cents=0)
    await store_dispute(uow_factory, replace(idle, status=status, is_refundable=is_refundable))

    try:
        await ask_back(uow_factory, payment, amount_cents=payment.amount_cents)
    except RefundExceedsPaymentError:
        assert not is_taken

    async with uow_factory() as uow:
        refunds = await uow.refunds.of_booking(payment.booking_id)
    assert bool(refunds) is is_taken


async def test_given_money_disputed_when_stripe_has_sent_it_back_too_then_both_are_facts(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    await store_dispute(uow_factory, a_dispute(payment))
    made = replace(a_refund(payment), stripe_refund_id="re_1")

    async with uow_factory() as uow:
        await uow.refunds.add(made)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.refunds.of_booking(payment.booking_id) == (made,)


async def test_given_a_disputed_payment_when_another_of_its_booking_is_refunded_then_it_may(
    uow_factory: UowFactory,
) -> None:
    disputed = await store_payment(uow_factory())
    second = await store_payment(uow_factory(), replace(disputed, id=a_dispute(disputed).id))
    await store_dispute(uow_factory, a_dispute(disputed))

    await ask_back(uow_factory, second, amount_cents=second.amount_cents)

    async with uow_factory() as uow:
        [refund] = await uow.refunds.of_booking(disputed.booking_id)
    assert refund.payment_id == second.id
