"""Reconciling as a whole: what is not ours, outages in the middle, pages, and the periodic look."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from tests.core.payments.refunding import a_paid_booking, approve, request
from tests.core.reconciliation.drifting import (
    LONG_ENOUGH,
    RECENT,
    named,
    outcomes,
    plant_payment,
    reconciled,
)
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.payment_records import MemoryPaymentRecords
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentIntent,
    PaymentUnavailableError,
    ProviderRefund,
    RefundState,
)
from totetaxi_core.reconciliation import sweep
from totetaxi_core.reconciliation.drift import DriftKind, Outcome
from totetaxi_core.reconciliation.keep_watch import keep_watch
from totetaxi_core.reconciliation.reconcile import Progress, reconcile
from totetaxi_core.reconciliation.sweep import Span


class RecordsOfStrangers(MemoryPaymentRecords):
    """The account has a paid intent and a refund that bear no mark of ours."""

    async def intents(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[PaymentIntent]:
        yield PaymentIntent(
            id="pi_stranger",
            status=IntentStatus.SUCCEEDED,
            amount_cents=5_000,
            amount_received_cents=5_000,
            client_secret="",
            created_at=max(created_from, created_until - timedelta(hours=1)),
            booking_id=None,
            payment_id=None,
        )

    async def refunds(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderRefund]:
        yield ProviderRefund(
            id="re_stranger",
            state=RefundState.SUCCEEDED,
            amount_cents=5_000,
            intent_id="pi_stranger",
            refund_id=None,
            created_at=max(created_from, created_until - timedelta(hours=1)),
        )


async def test_given_charges_that_are_not_ours_when_reconciled_then_nothing_is_asked_or_named() -> (
    None
):
    house = await a_house()
    house.ports = replace(house.ports, payment_records=RecordsOfStrangers(house.stripe))

    found = await reconciled(house, repair=True)

    assert found.drifts == ()
    assert house.stripe.calls == []


@pytest.mark.parametrize("changed", ["created_at", "updated_at"])
async def test_given_more_bookings_than_a_page_when_reconciled_then_each_drift_is_found(
    monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setattr(sweep, "PAGE", 1)
    house = await a_house()
    numbers = set()
    long_ago = dict.fromkeys({"created_at", "updated_at"} - {changed}, NOW - 2 * RECENT)
    for _ in range(3):
        order = an_order(wants_intent=False, allow_duplicate=True)
        booking = (await house.book_order(order)).booking
        stands: dict[str, Any] = {"status": BookingStatus.CONFIRMED, **long_ago}
        house.database.bookings.publish({booking.id: replace(booking, **stands)})
        numbers.add(booking.booking_number)

    found = await reconciled(house)

    assert outcomes(found) == [(DriftKind.CONFIRMED_WITHOUT_PAYMENT, Outcome.LEFT)] * 3
    assert {one.drift.booking_number for one in found.drifts} == numbers


async def test_given_a_drift_both_sides_show_when_reconciled_then_stripe_is_asked_once() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    plant_payment(house, replace(house.payments(booking)[0], amount_cents=1))
    house.stripe.calls.clear()

    await reconciled(house)

    assert house.stripe.calls == [Call.GET_INTENT]


async def test_given_an_outage_in_a_repair_when_reconciled_then_it_ends_there() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)

    async def fall_silent() -> None:
        house.stripe.outages.plan(Outage.BEFORE_ACTING)

    async def let_the_look_pass() -> None:
        house.stripe.before(Call.GET_INTENT, fall_silent)

    house.stripe.before(Call.GET_INTENT, let_the_look_pass)

    with pytest.raises(PaymentUnavailableError):
        await reconciled(house, repair=True)


@pytest.mark.parametrize("outage", list(Outage))
async def test_given_an_outage_at_any_call_when_run_again_then_nothing_doubles_and_nothing_is_lost(
    outage: Outage,
) -> None:
    for call in range(100):
        house = await a_drifted_house()
        house.stripe.outages.plan(*[None] * call, outage)
        try:
            await reconciled(house, repair=True)
            is_past_all_calls = house.stripe.outages.take() is not None
        except PaymentUnavailableError:
            is_past_all_calls = False

        await reconciled(house, repair=True)

        assert await named(house) == []
        assert len(house.stripe.refunds()) == 3
        assert statuses(house) == [BookingStatus.CONFIRMED] * 3
        assert house.owed_messages().count(MessageKind.BOOKING_CONFIRMED) == 3
        if is_past_all_calls:
            assert call > 15
            return
    pytest.fail("reconciling never ended")


async def a_drifted_house() -> MemoryHouse:
    """One booking's webhook is lost, one's refund was never sent, one's was made by hand."""
    house = await a_house()
    _, unheard = await house.book_unpaid()
    house.pay(unheard)
    twice, first = await house.book_unpaid(allow_duplicate=True)
    house.pay(first)
    await house.settle(first)
    second = await house.stray_intent(twice)
    house.pay(second)
    await house.settle(second)
    by_hand, paid = await house.book_unpaid(allow_duplicate=True)
    house.pay(paid)
    await house.settle(paid)
    house.stripe.refund_by_hand(paid.id, 10_000)
    asked = await request(by_hand, house, amount_cents=20_000)
    await approve(asked, house)
    house.stripe.calls.clear()
    return house


def statuses(house: MemoryHouse) -> list[BookingStatus]:
    return [booking.status for booking in house.database.bookings.rows.values()]


async def test_given_a_span_of_days_when_reconciled_then_progress_goes_from_none_to_all() -> None:
    house = await a_house()
    await a_paid_booking(house)
    now = house.clock.advance(LONG_ENOUGH)
    seen: list[Progress] = []

    await reconcile(
        Span(begin=now - RECENT, until=now),
        house.ports,
        house.terms,
        repair=False,
        on_progress=seen.append,
    )

    assert [(one.days_done, one.days) for one in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert seen[-1].compared > 0


async def test_given_a_span_that_never_ends_when_reconciled_then_it_ends_today() -> None:
    house = await a_house()
    now = house.clock()
    seen: list[Progress] = []

    await reconcile(
        Span(begin=now - RECENT, until=now + timedelta(days=10_000)),
        house.ports,
        house.terms,
        repair=False,
        on_progress=seen.append,
    )

    assert seen[-1].days == 4


async def test_given_a_drift_for_a_person_when_watched_again_then_staff_hear_of_it_once() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    unpaid, _ = await house.book_unpaid(allow_duplicate=True)
    house.database.bookings.publish({unpaid.id: unpaid.confirm(at=house.clock())})
    house.clock.advance(LONG_ENOUGH)

    first = await keep_watch(house.ports, house.terms)
    await house.work_off()
    house.clock.advance(timedelta(minutes=5))
    await keep_watch(house.ports, house.terms)
    await house.work_off()

    assert sorted(outcomes(first)) == [
        (DriftKind.BOOKING_WITHOUT_TASK, Outcome.REPAIRED),
        (DriftKind.CONFIRMED_WITHOUT_PAYMENT, Outcome.LEFT),
        (DriftKind.PAID_AT_STRIPE_PENDING_HERE, Outcome.REPAIRED),
    ]
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    [letter] = house.messages(MessageKind.DRIFT_FOUND)
    assert (letter.to, letter.booking_id) == (house.terms.staff_email, unpaid.id)
    assert "confirmed without payment" in letter.subject
    assert unpaid.booking_number in letter.text


async def test_given_an_open_drift_when_somebody_mends_it_then_it_is_shown_no_more() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    house.database.bookings.publish({booking.id: booking.confirm(at=house.clock())})
    house.clock.advance(LONG_ENOUGH)
    await keep_watch(house.ports, house.terms)
    before = await open_counts(house)
    house.database.bookings.publish({booking.id: booking})

    await keep_watch(house.ports, house.terms)

    assert before == {DriftKind.CONFIRMED_WITHOUT_PAYMENT: 1}
    assert await open_counts(house) == {}


async def test_given_an_open_drift_when_its_days_are_over_then_it_is_shown_until_it_is_mended() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()
    house.database.bookings.publish({booking.id: booking.confirm(at=house.clock())})
    house.clock.advance(LONG_ENOUGH)
    await keep_watch(house.ports, house.terms)
    house.clock.advance(timedelta(days=4))

    await keep_watch(house.ports, house.terms)
    days_later = await open_counts(house)
    house.database.bookings.publish({booking.id: booking})
    await keep_watch(house.ports, house.terms)

    assert days_later == {DriftKind.CONFIRMED_WITHOUT_PAYMENT: 1}
    assert await open_counts(house) == {}


async def test_given_a_silent_stripe_when_watched_then_what_was_open_stays_shown() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    house.database.bookings.publish({booking.id: booking.confirm(at=house.clock())})
    house.clock.advance(LONG_ENOUGH)
    await keep_watch(house.ports, house.terms)
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await keep_watch(house.ports, house.terms)

    assert await open_counts(house) == {DriftKind.CONFIRMED_WITHOUT_PAYMENT: 1}


async def test_given_a_free_booking_when_reconciled_then_it_needs_no_payment() -> None:
    house = await a_house()
    booked = await house.book_order(an_order(wants_intent=False))
    free = replace(booked.booking, quote=replace(booked.booking.quote, lines=()))
    house.database.bookings.publish({free.id: free.confirm(at=house.clock())})

    assert await named(house) == []


async def open_counts(house: MemoryHouse) -> dict[DriftKind, int]:
    async with house.ports.unit_of_work() as uow:
        return dict(await uow.open_drifts.counts())
