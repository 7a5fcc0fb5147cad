from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import (
    NOW,
    a_booking,
    a_discount_code,
    a_dispute,
    a_ledger_entry,
    a_payment,
    a_refund,
    an_attempt,
    an_id,
)
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking, store_payment
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.payments.payment import AttemptState, Payment, PaymentStatus
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import MONEY_KINDS, Drift, DriftKind
from totetaxi_core.reconciliation.records import BookingKey

MINUTE = timedelta(minutes=1)


async def a_rich_booking(uow_factory: UowFactory) -> tuple[Payment, BookingRecord]:
    """Store a paid booking with one of everything; return what its record must say."""
    booking = a_booking()
    payment = replace(a_payment(booking), status=PaymentStatus.SUCCEEDED, completed_at=NOW)
    attempt = replace(an_attempt(payment), intent_id="pi_1", state=AttemptState.SUCCEEDED)
    refund = a_refund(payment, amount_cents=1_000)
    dispute = a_dispute(payment, withdrawn_cents=500)
    entry = a_ledger_entry(payment, cause=f"charge:{payment.id}")
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.payments.add_attempt(attempt)
        await uow.refunds.add(refund)
        await uow.disputes.add(dispute)
        await uow.ledger.post(entry)
        await uow.discount_uses.reserve(a_discount_code(), booking_id=booking.id, email_key="ada")
        await uow.commit()
    record = BookingRecord(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        status=booking.status,
        cancellation_reason=None,
        total_cents=booking.total_cents,
        price_book_version=booking.quote.price_book_version,
        pickup_at=booking.pickup_at,
        cancelled_at=None,
        payments=(payment,),
        attempts=(attempt,),
        refunds=(refund,),
        disputes=(dispute,),
        ledger_stripe_cents=payment.amount_cents,
        ledger_causes=frozenset({entry.cause}),
        has_code_use=True,
    )
    return payment, record


async def test_given_a_booking_with_everything_when_read_then_its_record_has_it_all(
    uow_factory: UowFactory,
) -> None:
    _, record = await a_rich_booking(uow_factory)

    async with uow_factory() as uow:
        found = await uow.reconciliation.of_bookings([record.booking_id, an_id()])

    assert found == (record,)


async def test_given_several_bookings_when_read_then_each_has_its_own_payments_alone(
    uow_factory: UowFactory,
) -> None:
    _, rich = await a_rich_booking(uow_factory)
    payment = await store_payment(uow_factory())
    bare = await store_booking(uow_factory())

    async with uow_factory() as uow:
        found = await uow.reconciliation.of_bookings([rich.booking_id, payment.booking_id, bare.id])

    by_id = {record.booking_id: record for record in found}
    assert by_id[rich.booking_id] == rich
    assert by_id[payment.booking_id].payments == (payment,)
    assert by_id[payment.booking_id].ledger_stripe_cents == 0
    assert (by_id[bare.id].payments, by_id[bare.id].has_code_use) == ((), False)


async def test_given_a_cancelled_booking_when_read_then_its_record_says_why_and_when(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    cancelled = booking.cancel(reason=CancellationReason.CUSTOMER, at=NOW + MINUTE)
    async with uow_factory() as uow:
        await uow.bookings.save(cancelled)
        await uow.commit()

    async with uow_factory() as uow:
        [record] = await uow.reconciliation.of_bookings([booking.id])

    assert (record.status, record.cancellation_reason, record.cancelled_at) == (
        cancelled.status,
        CancellationReason.CUSTOMER,
        NOW + MINUTE,
    )


async def test_given_intents_when_their_bookings_are_asked_then_strangers_have_none(
    uow_factory: UowFactory,
) -> None:
    payment, _ = await a_rich_booking(uow_factory)

    async with uow_factory() as uow:
        found = await uow.reconciliation.bookings_of_intents(["pi_1", "pi_stranger"])

    assert found == {payment.booking_id}


@pytest.mark.parametrize("limit", [1, 2, 9])
async def test_given_bookings_around_a_span_when_paged_then_each_of_it_comes_once_oldest_first(
    uow_factory: UowFactory, limit: int
) -> None:
    stored = [
        await store_booking(uow_factory(), a_booking(created_at=NOW + MINUTE * number))
        for number in (0, 1, 1, 2, 3)
    ]
    begin, until = NOW + MINUTE, NOW + 3 * MINUTE

    created = await keys(uow_factory, begin, until, limit=limit, by_update=False)
    updated = await keys(uow_factory, begin, until, limit=limit, by_update=True)

    within = sorted((one.created_at, one.id) for one in stored[1:4])
    assert created == updated == within


async def test_given_an_old_booking_that_changed_when_paged_by_change_then_it_comes(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    later = NOW + timedelta(days=40)
    async with uow_factory() as uow:
        await uow.bookings.save(booking.confirm(at=later))
        await uow.commit()

    updated = await keys(uow_factory, later, later + MINUTE, limit=9, by_update=True)
    created = await keys(uow_factory, later, later + MINUTE, limit=9, by_update=False)

    assert updated == [(later, booking.id)]
    assert created == []


async def keys(
    uow_factory: UowFactory, begin: datetime, until: datetime, *, limit: int, by_update: bool
) -> list[BookingKey]:
    """Return every key of the span, asked for page by page."""
    found: list[BookingKey] = []
    while True:
        after = found[-1] if found else None
        async with uow_factory() as uow:
            if by_update:
                page = await uow.reconciliation.updated(
                    updated_from=begin, updated_until=until, after=after, limit=limit
                )
            else:
                page = await uow.reconciliation.created(
                    created_from=begin, created_until=until, after=after, limit=limit
                )
        found.extend(page)
        if len(page) < limit:
            return found


def a_drift(kind: DriftKind, *, intent_id: str) -> Drift:
    return Drift(
        kind=kind,
        booking_id=None,
        booking_number=None,
        intent_id=intent_id,
        detail="paid, and unknown here",
        left_because="a person must look",
    )


async def test_given_open_drifts_when_their_bookings_are_asked_then_each_comes_once(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    of_booking = [
        replace(a_drift(kind, intent_id="pi_1"), booking_id=booking.id)
        for kind in (DriftKind.AMOUNT_DIFFERS, DriftKind.TWO_SUCCESSES)
    ]
    unknown = a_drift(DriftKind.INTENT_WITHOUT_PAYMENT, intent_id="pi_2")
    async with uow_factory() as uow:
        await uow.open_drifts.replace([*of_booking, unknown], kinds=tuple(DriftKind), at=NOW)
        await uow.commit()

    async with uow_factory() as uow:
        found = await uow.open_drifts.bookings()

    assert found == frozenset({booking.id})


async def test_given_open_drifts_when_replaced_then_those_of_now_are_counted_by_kind(
    uow_factory: UowFactory,
) -> None:
    lost = DriftKind.INTENT_WITHOUT_PAYMENT
    first = [a_drift(lost, intent_id="pi_1"), a_drift(lost, intent_id="pi_2")]
    second = [first[0], a_drift(DriftKind.AMOUNT_DIFFERS, intent_id="pi_3")]

    counts = []
    for drifts in (first, second, second, []):
        async with uow_factory() as uow:
            await uow.open_drifts.replace(drifts, kinds=tuple(DriftKind), at=NOW)
            await uow.commit()
        async with uow_factory() as uow:
            counts.append(dict(await uow.open_drifts.counts()))

    assert counts == [{lost: 2}] + [{lost: 1, DriftKind.AMOUNT_DIFFERS: 1}] * 2 + [{}]


async def test_given_open_drifts_when_those_of_one_sort_are_replaced_then_the_others_stay(
    uow_factory: UowFactory,
) -> None:
    money = a_drift(DriftKind.AMOUNT_DIFFERS, intent_id="pi_1")
    drive = a_drift(DriftKind.TASK_STATE_APART, intent_id="pi_2")

    async with uow_factory() as uow:
        await uow.open_drifts.replace([money, drive], kinds=tuple(DriftKind), at=NOW)
        await uow.open_drifts.replace([], kinds=MONEY_KINDS, at=NOW)
        await uow.commit()

    async with uow_factory() as uow:
        assert dict(await uow.open_drifts.counts()) == {DriftKind.TASK_STATE_APART: 1}
