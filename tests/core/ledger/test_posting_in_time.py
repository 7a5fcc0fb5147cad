"""Each use case that moves money posts it in its own transaction."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.builders import NOW, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import REFUND_FAILS_LATER, REFUND_TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, total_in
from totetaxi_core.payments.send_refund import follow_refund
from totetaxi_core.payments.take_event import take_event


def entries_of(house: MemoryHouse, booking: Booking) -> list[LedgerEntry]:
    rows = house.database.ledger_entries.rows.values()
    found = [entry for entry in rows if entry.booking_id == booking.id]
    return sorted(found, key=lambda entry: (entry.posted_at, entry.kind))


def posted(house: MemoryHouse, booking: Booking) -> list[tuple[EntryKind, int]]:
    return [(entry.kind, entry.amount_cents) for entry in entries_of(house, booking)]


def causes(house: MemoryHouse, booking: Booking) -> set[str]:
    return {entry.cause for entry in entries_of(house, booking)}


def only_refund(house: MemoryHouse, booking: Booking) -> UUID:
    [refund] = house.refunds(booking)
    return refund.id


async def test_given_a_payment_when_settled_twice_then_its_charge_is_posted_once() -> None:
    house = await a_house()

    booking, intent = await a_paid_booking(house)
    await house.settle(intent)

    [payment] = house.payments(booking)
    assert posted(house, booking) == [(EntryKind.CHARGE, 99_500)]
    assert causes(house, booking) == {f"charge:{payment.id}"}
    assert [entry.posted_at for entry in entries_of(house, booking)] == [NOW]


async def test_given_an_unpaid_booking_when_it_ends_then_nothing_is_posted() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    await house.cancel(booking)

    assert posted(house, booking) == []


async def test_given_a_booking_that_a_code_makes_free_when_made_then_it_is_posted_at_once() -> None:
    house = await a_house(book=book_with_code(rate_bp=10_000))
    order = an_order(request=replace(a_quote_request(), discount_code="WINTER10"))

    booking = (await house.book_order(order)).booking

    [entry] = entries_of(house, booking)
    assert booking.total_cents == 0
    assert (entry.cause, entry.payment_id) == (f"charge:{booking.id}", None)
    assert entry.amount_in(Account.REVENUE) == -entry.amount_in(Account.DISCOUNTS) == -99_500


async def test_given_a_paid_booking_when_paid_again_then_it_is_held_and_goes_back() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    stray = await house.stray_intent(booking)
    house.pay(stray)

    await house.settle(stray)
    held = total_in(Account.CUSTOMER_MONEY, entries_of(house, booking))
    await house.work_off()

    assert held == -99_500
    assert total_in(Account.CUSTOMER_MONEY, entries_of(house, booking)) == 0
    assert total_in(Account.STRIPE, entries_of(house, booking)) == 99_500
    assert total_in(Account.REFUNDS, entries_of(house, booking)) == 0


async def test_given_a_request_when_approved_and_sent_then_it_is_posted_when_stripe_made_it() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    asked = await request(booking, house, amount_cents=20_000)
    await approve(asked, house)
    before = posted(house, booking)

    await house.work_off()

    assert before == [(EntryKind.CHARGE, 99_500)]
    assert posted(house, booking) == [(EntryKind.CHARGE, 99_500), (EntryKind.REFUND, 20_000)]
    assert f"refund:{asked.id}" in causes(house, booking)


@pytest.mark.parametrize("card", [REFUND_TAKES_TIME, REFUND_FAILS_LATER])
async def test_given_a_refund_that_stripe_has_made_when_it_fails_then_it_is_taken_back_once(
    card: str,
) -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house, card=card)
    await approve(await request(booking, house), house)
    await house.work_off()
    made = posted(house, booking)
    [at_stripe] = house.stripe.refunds()
    house.stripe.settle_refund(at_stripe.id, succeeds=False)

    for _ in range(2):
        await follow_refund(at_stripe.id, house.ports)

    assert made == [(EntryKind.CHARGE, 99_500), (EntryKind.REFUND, 99_500)]
    assert posted(house, booking) == [*made, (EntryKind.REFUND_FAILED, 99_500)]
    assert f"refund_failed:{only_refund(house, booking)}" in causes(house, booking)
    assert total_in(Account.STRIPE, entries_of(house, booking)) == 99_500


async def test_given_a_refund_that_succeeds_later_when_followed_then_it_was_posted_once() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house, card=REFUND_TAKES_TIME)
    await approve(await request(booking, house), house)
    await house.work_off()
    [at_stripe] = house.stripe.refunds()
    house.stripe.settle_refund(at_stripe.id, succeeds=True)

    await follow_refund(at_stripe.id, house.ports)

    assert posted(house, booking) == [(EntryKind.CHARGE, 99_500), (EntryKind.REFUND, 99_500)]


@pytest.mark.parametrize(
    ("fails_first", "kinds"),
    [
        (False, [EntryKind.CHARGE, EntryKind.REFUND]),
        (True, [EntryKind.CHARGE]),
    ],
)
async def test_given_a_refund_begun_at_stripe_when_taken_in_then_it_is_posted_if_it_stands(
    *, fails_first: bool, kinds: list[EntryKind]
) -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house, card=REFUND_TAKES_TIME)
    by_hand = house.stripe.refund_by_hand(intent.id, 20_000)
    if fails_first:
        house.stripe.settle_refund(by_hand.id, succeeds=False)

    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()

    assert [kind for kind, _ in posted(house, booking)] == kinds
    assert len(house.refunds(booking)) == 1


async def test_given_a_refund_that_stripe_refuses_when_sent_then_nothing_is_posted() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    asked = await approve(await request(booking, house), house)
    house.stripe.refund_by_hand(intent.id, 60_000)
    await house.work_off()

    refunds = {cause for cause in causes(house, booking) if cause.startswith("refund")}

    assert f"refund:{asked.id}" not in refunds
    assert f"refund_failed:{asked.id}" not in refunds
