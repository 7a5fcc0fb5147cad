"""Where our own records contradict each other: planted, found, named, and mended where said."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.refunding import a_paid_booking, approve, request
from tests.core.reconciliation.drifting import named, outcomes, plant, plant_payment, reconciled
from totetaxi_adapters.memory.rows import CodeUse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, Posting
from totetaxi_core.payments.decide_refund import reject_refund
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.reconciliation.drift import Drift, DriftKind, Outcome, Repair
from totetaxi_core.reconciliation.repair import repair_drift

KEPT = DriftKind.CANCELLED_YET_KEPT_MONEY
LEDGER = DriftKind.LEDGER_DISAGREES
CODE = DriftKind.CODE_USE_WITHOUT_BOOKING


async def cancel(booking: Booking, house: MemoryHouse, *, refund_cents: int) -> None:
    await cancel_booking(
        Cancelling(booking_id=booking.id),
        house.ports,
        house.terms,
        expected_refund_cents=refund_cents,
    )


def cancel_by_hand(house: MemoryHouse, booking: Booking, *, reason: CancellationReason) -> None:
    ended = house.booking(booking.id).cancel(reason=reason, at=house.clock())
    plant(house.database.bookings, booking.id, ended)


@pytest.mark.parametrize(
    "reason",
    [
        CancellationReason.PAYMENT_TIMEOUT,
        CancellationReason.STAFF,
        CancellationReason.CUSTOMER,
    ],
)
async def test_given_a_cancelled_booking_without_its_refund_when_reconciled_then_it_is_named(
    reason: CancellationReason,
) -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    cancel_by_hand(house, booking, reason=reason)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(KEPT, Outcome.LEFT)]
    drift = found.drifts[0].drift
    assert (drift.expected_cents, drift.actual_cents) == (99_500, 0)


async def test_given_a_late_cancellation_by_the_book_when_reconciled_then_half_may_be_kept() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    house.clock.set(booking.pickup_at - timedelta(hours=30))
    await cancel(booking, house, refund_cents=49_750)
    await house.work_off()

    kept = await reconciled(house)
    [refund] = house.refunds(booking)
    plant(house.database.refunds, refund.id, None)
    less = await reconciled(house)

    assert outcomes(kept) == []
    assert (KEPT, Outcome.LEFT) in outcomes(less)
    [drift] = [one.drift for one in less.drifts if one.drift.kind is KEPT]
    assert (drift.expected_cents, drift.actual_cents) == (49_750, 0)


async def test_given_a_payment_of_the_instant_of_the_end_when_reconciled_then_none_is_named() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    house.clock.set(booking.pickup_at - timedelta(hours=30))
    await cancel(booking, house, refund_cents=49_750)
    await house.work_off()
    [payment] = house.payments(booking)
    plant_payment(house, replace(payment, completed_at=house.clock()))

    found = await reconciled(house)

    assert KEPT not in [one.drift.kind for one in found.drifts]


async def test_given_a_refund_before_the_cancellation_when_reconciled_then_the_rest_counts() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=19_500), house)
    await house.work_off()
    house.clock.set(booking.pickup_at - timedelta(hours=30))
    await cancel(booking, house, refund_cents=40_000)
    await house.work_off()

    found = await reconciled(house)

    assert outcomes(found) == []


async def test_given_a_request_open_at_the_cancellation_when_rejected_then_nothing_was_kept() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    asked = await request(booking, house, amount_cents=20_000)
    house.clock.set(booking.pickup_at - timedelta(hours=30))
    await cancel(booking, house, refund_cents=49_750)
    await house.work_off()
    house.clock.advance(timedelta(minutes=1))
    await reject_refund(asked.id, house.ports, staff_name="lou")

    found = await reconciled(house)

    assert outcomes(found) == []


async def test_given_a_missing_charge_in_the_ledger_when_repaired_then_it_is_posted_once() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    [entry] = house.database.ledger_entries.rows.values()
    plant(house.database.ledger_entries, entry.id, None)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.REPAIRED)]
    drift = found.drifts[0].drift
    assert (drift.expected_cents, drift.actual_cents) == (99_500, 0)
    [posted] = house.database.ledger_entries.rows.values()
    assert (posted.cause, posted.postings) == (entry.cause, entry.postings)
    assert posted.booking_id == booking.id
    assert await named(house) == []


async def test_given_missing_entries_of_charge_and_refund_when_repaired_then_both_are_posted() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=20_000), house)
    await house.work_off()
    causes = {one.cause for one in house.database.ledger_entries.rows.values()}
    house.database.ledger_entries.publish(dict.fromkeys(tuple(house.database.ledger_entries.rows)))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.REPAIRED)]
    assert {one.cause for one in house.database.ledger_entries.rows.values()} == causes
    assert len(causes) == 2


async def test_given_missing_entries_that_come_to_nothing_when_repaired_then_they_are_posted() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=99_500), house)
    await house.work_off()
    house.database.ledger_entries.publish(dict.fromkeys(tuple(house.database.ledger_entries.rows)))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.REPAIRED)]
    assert len(house.database.ledger_entries.rows) == 2


async def test_given_a_failed_refund_posted_as_gone_when_repaired_then_it_is_turned_around() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=20_000), house)
    await house.work_off()
    [refund], [made] = house.refunds(booking), house.stripe.refunds()
    house.stripe.settle_refund(made.id, succeeds=False)
    plant(house.database.refunds, refund.id, refund.fail("came back", at=house.clock()))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.REPAIRED)]
    async with house.ports.unit_of_work() as uow:
        assert (await uow.ledger.balances())[Account.STRIPE] == 99_500


async def test_given_a_dispute_missing_in_the_ledger_when_repaired_then_it_is_posted() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    house.disputes.open_dispute(intent.id, 30_000)
    await reconciled(house, repair=True)
    entries = house.database.ledger_entries
    [lost] = [one for one in entries.rows.values() if one.kind is EntryKind.DISPUTE]
    plant(entries, lost.id, None)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.REPAIRED)]
    assert found.drifts[0].drift.booking_id == booking.id
    assert lost.cause in {one.cause for one in entries.rows.values()}


async def test_given_an_entry_too_many_in_the_ledger_when_reconciled_then_it_is_left() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    [entry] = house.database.ledger_entries.rows.values()
    extra = replace(
        entry,
        id=an_id(),
        cause="charge:twice",
        postings=(Posting(Account.STRIPE, 500), Posting(Account.REVENUE, -500)),
    )
    plant(house.database.ledger_entries, extra.id, extra)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(LEDGER, Outcome.LEFT)]
    drift = found.drifts[0].drift
    assert (drift.booking_id, drift.expected_cents, drift.actual_cents) == (
        booking.id,
        99_500,
        100_000,
    )


async def test_given_an_unpaid_end_that_kept_its_code_use_when_repaired_then_it_is_free() -> None:
    house = await a_house(book=book_with_code())
    booking = (await house.book_order(an_order(wants_intent=False))).booking
    await house.cancel(booking)
    plant(house.database.code_uses, booking.id, CodeUse(code_id=an_id(), email_key="ada"))

    found = await reconciled(house)
    mended = await reconciled(house, repair=True)

    assert outcomes(found) == [(CODE, Outcome.REPAIRABLE)]
    assert outcomes(mended) == [(CODE, Outcome.REPAIRED)]
    assert code_uses(house) == []
    assert await named(house) == []


async def test_given_a_paid_booking_cancelled_when_reconciled_then_its_code_use_stays() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await cancel(booking, house, refund_cents=99_500)
    await house.work_off()
    plant(house.database.code_uses, booking.id, CodeUse(code_id=an_id(), email_key="ada"))

    found = await reconciled(house, repair=True)

    assert outcomes(found) == []
    assert code_uses(house) == [booking.id]
    assert house.refunds(booking)[0].status is RefundStatus.SUCCEEDED


async def test_given_a_code_use_to_free_when_its_booking_was_paid_meanwhile_then_it_stays() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await cancel(booking, house, refund_cents=99_500)
    plant(house.database.code_uses, booking.id, CodeUse(code_id=an_id(), email_key="ada"))
    seen_before = Drift(
        kind=CODE,
        booking_id=booking.id,
        booking_number=booking.booking_number,
        detail="it had ended unpaid when we looked",
        repair=Repair.GIVE_CODE_BACK,
    )

    await repair_drift(seen_before, house.ports, house.terms)

    assert code_uses(house) == [booking.id]


def code_uses(house: MemoryHouse) -> list[UUID]:
    return list(house.database.code_uses.rows)
