"""What refunds and disputes may disagree about: planted, found, named, and mended where said."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from tests.core.reconciliation.drifting import named, outcomes, plant, reconciled
from totetaxi_adapters.memory.cards import REFUND_TAKES_TIME
from totetaxi_adapters.memory.disputes import MemoryDisputeGateway
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.dispute import DisputeStatus
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import RefundOrder
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.send_refund import send_refund
from totetaxi_core.reconciliation.drift import DriftKind, Outcome

STUCK = DriftKind.REFUND_STUCK_HERE
THERE_ONLY = DriftKind.REFUNDED_AT_STRIPE_ONLY


async def a_sent_refund(house: MemoryHouse, *, card: str = REFUND_TAKES_TIME) -> Refund:
    booking, _ = await a_paid_booking(house, card=card)
    await approve(await request(booking, house, amount_cents=20_000), house)
    await house.work_off()
    [refund] = house.refunds(booking)
    return refund


async def an_approved_refund(house: MemoryHouse) -> tuple[Booking, Refund]:
    """Approve a refund whose job is lost and whose effect has been given up."""
    booking, _ = await a_paid_booking(house)
    refund = await approve(await request(booking, house, amount_cents=20_000), house)
    [effect] = house.effects(EffectKind.SEND_REFUND)
    row = house.database.effects.rows[effect.id]
    plant(house.database.effects, effect.id, row._replace(effect=effect.fail("given up")))
    return booking, refund


async def test_given_a_refund_of_the_dashboard_when_repaired_then_it_is_taken_in() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    by_hand = house.stripe.refund_by_hand(intent.id, 20_000)

    found = await reconciled(house)
    mended = await reconciled(house, repair=True)

    assert outcomes(found) == [(THERE_ONLY, Outcome.REPAIRABLE)]
    assert outcomes(mended) == [(THERE_ONLY, Outcome.REPAIRED)]
    [refund] = house.refunds(booking)
    assert (refund.stripe_refund_id, refund.status) == (by_hand.id, RefundStatus.SUCCEEDED)
    assert await named(house) == []


async def test_given_a_refund_of_just_now_when_reconciled_then_its_webhook_may_be_on_its_way() -> (
    None
):
    house = await a_house()
    _, intent = await a_paid_booking(house)
    house.clock.advance(timedelta(minutes=20))
    house.stripe.refund_by_hand(intent.id, 20_000)

    young = await reconciled(house, after=timedelta(minutes=4))
    old = await reconciled(house, after=timedelta(minutes=2))

    assert outcomes(young) == []
    assert outcomes(old) == [(THERE_ONLY, Outcome.REPAIRABLE)]


async def test_given_a_refund_of_ours_that_a_restore_lost_when_repaired_then_it_is_back() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    order = RefundOrder(
        refund_id=an_id(), booking_id=booking.id, intent_id=intent.id, amount_cents=20_000
    )
    await house.stripe.create_refund(order)

    found = await reconciled(house)
    mended = await reconciled(house, repair=True)

    assert outcomes(found) == [(THERE_ONLY, Outcome.REPAIRABLE)]
    assert outcomes(mended) == [(THERE_ONLY, Outcome.REPAIRED)]
    assert [one.id for one in house.refunds(booking)] == [order.refund_id]


async def test_given_a_refund_that_is_over_here_when_stripe_has_made_it_then_a_person_decides() -> (
    None
):
    house = await a_house()
    refund = await a_sent_refund(house)
    failed = refund.fail("no answer", at=house.clock())
    plant(house.database.refunds, refund.id, failed)

    found = await reconciled(house, repair=True)

    assert (THERE_ONLY, Outcome.LEFT) in outcomes(found)
    assert house.database.refunds.rows[refund.id] == failed


async def test_given_an_approved_refund_nobody_sends_when_repaired_then_it_is_sent_once() -> None:
    house = await a_house()
    booking, refund = await an_approved_refund(house)

    found = await reconciled(house, repair=True)
    again = await reconciled(house, repair=True)

    assert outcomes(found) == [(STUCK, Outcome.REPAIRED)]
    assert outcomes(again) == []
    assert [one.refund_id for one in house.stripe.refunds()] == [refund.id]
    assert house.refunds(booking)[0].status is RefundStatus.SUCCEEDED


async def test_given_a_refund_approved_just_now_when_reconciled_then_its_sender_is_left_to_it() -> (
    None
):
    house = await a_house()
    await an_approved_refund(house)

    found = await reconciled(house, repair=True, after=timedelta(minutes=14))

    assert outcomes(found) == []
    assert house.stripe.refunds() == ()


async def test_given_a_refund_approved_long_ago_when_reconciled_then_no_range_hides_it() -> None:
    house = await a_house()
    _, refund = await an_approved_refund(house)

    found = await reconciled(house, repair=True, after=timedelta(days=30))

    assert outcomes(found) == [(STUCK, Outcome.REPAIRED)]
    assert found.drifts[0].drift.refund_id == refund.id


async def test_given_an_old_booking_when_its_refund_of_today_is_stuck_then_it_is_named() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    house.clock.advance(timedelta(days=9))
    refund = await approve(await request(booking, house, amount_cents=20_000), house)

    found = await reconciled(house)

    assert outcomes(found) == [(STUCK, Outcome.REPAIRABLE)]
    assert found.drifts[0].drift.refund_id == refund.id


async def test_given_a_sent_refund_when_the_bank_has_taken_it_unheard_then_it_is_followed() -> None:
    house = await a_house()
    refund = await a_sent_refund(house)
    house.stripe.settle_refund(str(refund.stripe_refund_id), succeeds=True)

    recent = await reconciled(house)
    old = await reconciled(house, repair=True, after=timedelta(days=30))

    assert outcomes(recent) == [(STUCK, Outcome.REPAIRABLE)]
    assert outcomes(old) == [(STUCK, Outcome.REPAIRED)]
    assert house.database.refunds.rows[refund.id].status is RefundStatus.SUCCEEDED
    assert await named(house) == []


async def test_given_a_refund_the_bank_still_has_when_reconciled_then_that_is_no_drift() -> None:
    house = await a_house()
    await a_sent_refund(house)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == []


async def test_given_a_refund_that_failed_unheard_when_repaired_then_it_is_open_again() -> None:
    house = await a_house()
    refund = await a_sent_refund(house)
    house.stripe.settle_refund(str(refund.stripe_refund_id), succeeds=True)
    await reconciled(house, repair=True)
    house.stripe.settle_refund(str(refund.stripe_refund_id), succeeds=False)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(STUCK, Outcome.REPAIRED)]
    assert house.database.refunds.rows[refund.id].status is RefundStatus.FAILED
    assert await named(house) == []


async def test_given_a_refund_of_another_amount_when_reconciled_then_it_is_left_to_a_person() -> (
    None
):
    house = await a_house()
    refund = await a_sent_refund(house)
    plant(house.database.refunds, refund.id, replace(refund, amount_cents=10_000))

    found = await reconciled(house, repair=True)

    assert (DriftKind.AMOUNT_DIFFERS, Outcome.LEFT) in outcomes(found)
    [differs] = [x.drift for x in found.drifts if x.drift.kind is DriftKind.AMOUNT_DIFFERS]
    assert (differs.expected_cents, differs.actual_cents) == (10_000, 20_000)


async def test_given_a_refund_stripe_does_not_have_when_reconciled_then_it_is_named() -> None:
    house = await a_house()
    booking, refund = await an_approved_refund(house)
    made = replace(refund, status=RefundStatus.SUCCEEDED, stripe_refund_id="re_nowhere")
    plant(house.database.refunds, refund.id, made)

    found = await reconciled(house, repair=True)

    assert (DriftKind.REFUNDED_HERE_ONLY, Outcome.LEFT) in outcomes(found)
    assert house.refunds(booking) == [made]


async def test_given_a_dispute_we_never_heard_of_when_repaired_then_it_is_taken_in() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    dispute = house.disputes.open_dispute(intent.id, 30_000)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.DISPUTED_AT_STRIPE_ONLY, Outcome.REPAIRED)]
    [stored] = house.database.disputes.rows.values()
    assert (stored.stripe_dispute_id, stored.booking_id) == (dispute.id, booking.id)
    assert stored.withdrawn_cents == 30_000
    assert await named(house) == []


async def test_given_a_verdict_we_never_heard_of_when_repaired_then_it_is_taken_in() -> None:
    house = await a_house()
    _, intent = await a_paid_booking(house)
    dispute = house.disputes.open_dispute(intent.id, 30_000)
    await reconciled(house, repair=True)
    house.disputes.close_dispute(dispute.id, won=False)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.DISPUTED_AT_STRIPE_ONLY, Outcome.REPAIRED)]
    [stored] = house.database.disputes.rows.values()
    assert stored.status is DisputeStatus.LOST


async def test_given_two_refunds_of_the_dashboard_when_repaired_then_both_are_taken_in() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    made = {house.stripe.refund_by_hand(intent.id, cents).id for cents in (10_000, 20_000)}

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(THERE_ONLY, Outcome.REPAIRED)] * 2
    assert {one.stripe_refund_id for one in house.refunds(booking)} == made


async def test_given_one_in_the_way_of_another_when_repaired_then_the_second_try_takes_it_in() -> (
    None
):
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    await approve(await request(booking, house), house)
    house.stripe.refund_by_hand(intent.id, 1)

    found = await reconciled(house, repair=True)

    assert sorted(outcomes(found)) == [(STUCK, Outcome.REPAIRED), (THERE_ONLY, Outcome.REPAIRED)]
    statuses = {one.amount_cents: one.status for one in house.refunds(booking)}
    assert statuses == {99_500: RefundStatus.FAILED, 1: RefundStatus.SUCCEEDED}


class DisputesWithADeed(MemoryDisputeGateway):
    """Does something right after Stripe was asked, before our records are read again."""

    def __init__(self, house: MemoryHouse, deed: Callable[[], Awaitable[object]]) -> None:
        super().__init__(house.stripe)
        self._deeds = [deed]

    async def find_disputes(self, intent_id: str) -> tuple[ProviderDispute, ...]:
        found = await super().find_disputes(intent_id)
        while self._deeds:
            await self._deeds.pop()()
        return found


async def test_given_a_refund_sent_while_we_look_when_reconciled_then_nothing_is_named() -> None:
    house = await a_house()
    booking, refund = await an_approved_refund(house)
    ports = house.ports

    async def send() -> object:
        return await send_refund(refund.id, ports)

    house.ports = replace(ports, disputes=DisputesWithADeed(house, send))
    found = await reconciled(house)

    assert outcomes(found) == []
    assert house.refunds(booking)[0].status is RefundStatus.SUCCEEDED
