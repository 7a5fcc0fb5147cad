"""What an account has booked and spent is counted by the very transaction that changes it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, a_booking, a_contact, a_customer, a_ledger_entry, a_payment
from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.totals import CustomerTotals, totals_of
from totetaxi_core.customers.vip_letter import owed_vip_letter
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.outbox.owed_effect import Standing
from totetaxi_core.payments.payment import Payment

HOUR = timedelta(hours=1)
CARD: Mapping[Account, int] = {Account.STRIPE: 200_000, Account.REVENUE: -200_000}
CASH: Mapping[Account, int] = {Account.CASH: 150_000, Account.REVENUE: -150_000}
ONE_BACK: Mapping[Account, int] = {Account.STRIPE: -1, Account.REFUNDS: 1}
ALL_BACK: Mapping[Account, int] = {Account.STRIPE: -200_000, Account.REFUNDS: 200_000}


async def stored(uow_factory: UowFactory, *bookings: Booking) -> tuple[Customer, list[Payment]]:
    """Store an account with these bookings in it, confirmed, and nothing paid yet."""
    customer = a_customer(created_at=NOW)
    payments = [a_payment(booking) for booking in bookings]
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        for booking, payment in zip(bookings, payments, strict=True):
            confirmed = booking.confirm(at=NOW)
            await uow.bookings.add(replace(confirmed, customer_id=customer.id))
            await uow.payments.add(payment)
        await uow.commit()
    return customer, payments


async def post(
    uow_factory: UowFactory,
    payment: Payment,
    amounts: Mapping[Account, int],
    kind: EntryKind = EntryKind.CHARGE,
) -> None:
    async with uow_factory() as uow:
        await uow.ledger.post(a_ledger_entry(payment, kind=kind, amounts=amounts))
        await uow.commit()


async def totals(uow_factory: UowFactory, customer_id: UUID) -> CustomerTotals:
    async with uow_factory() as uow:
        return totals_of(await uow.customers.get(customer_id))


def told(found: CustomerTotals) -> tuple[int, int, bool]:
    return found.total_bookings, found.total_spent_cents, found.is_vip


async def test_given_a_booking_of_an_account_when_money_moves_then_its_totals_follow(
    uow_factory: UowFactory,
) -> None:
    customer, [first, second] = await stored(uow_factory, a_booking(), a_booking())
    before = await totals(uow_factory, customer.id)

    await post(uow_factory, first, CARD)
    paid = await totals(uow_factory, customer.id)
    await post(uow_factory, first, ONE_BACK, EntryKind.REFUND)
    lapsed = await totals(uow_factory, customer.id)
    await post(uow_factory, second, CASH)
    both = await totals(uow_factory, customer.id)

    assert (told(before), before.last_booking_at) == ((0, 0, False), None)
    assert (told(paid), paid.last_booking_at) == ((1, 200_000, True), NOW)
    assert told(lapsed) == (1, 199_999, False)
    assert told(both) == (2, 349_999, True)


async def test_given_an_account_when_it_becomes_a_vip_then_its_letter_is_owed_with_a_job(
    uow_factory: UowFactory,
) -> None:
    customer, [payment] = await stored(uow_factory, a_booking())
    async with uow_factory() as uow:
        before = await uow.outbox.backlog(now=NOW)

    await post(uow_factory, payment, CARD)
    await post(uow_factory, payment, {Account.STRIPE: 1, Account.REVENUE: -1})

    async with uow_factory() as uow:
        spends = await uow.spending.of_customer(customer.id)
        owed = await uow.outbox.get(owed_vip_letter(customer.id, spends).id)
        after = await uow.outbox.backlog(now=NOW)
        jobless = await uow.outbox.defer_due(now=NOW, limit=10)
    assert owed is not None
    assert owed.payload == {"message_kind": "vip_status", "about_id": str(customer.id)}
    assert after.counts[Standing.DUE] == before.counts[Standing.DUE] + 1
    assert jobless == 0


async def test_given_a_paid_booking_when_all_goes_back_then_it_is_not_counted_any_more(
    uow_factory: UowFactory,
) -> None:
    customer, [payment] = await stored(uow_factory, a_booking())
    await post(uow_factory, payment, CARD)

    await post(uow_factory, payment, ALL_BACK, EntryKind.REFUND)

    found = await totals(uow_factory, customer.id)
    assert (told(found), found.last_booking_at) == ((0, 0, False), None)


async def test_given_a_transaction_that_is_undone_when_it_posted_then_the_totals_stand(
    uow_factory: UowFactory,
) -> None:
    customer, [payment] = await stored(uow_factory, a_booking())

    async with uow_factory() as uow:
        await uow.ledger.post(a_ledger_entry(payment, amounts=CARD))

    assert told(await totals(uow_factory, customer.id)) == (0, 0, False)


async def test_given_a_free_booking_when_confirmed_and_cancelled_then_it_counts_and_does_not(
    uow_factory: UowFactory,
) -> None:
    free = replace(a_booking(), quote=replace(a_booking().quote, lines=(), total_cents=0))
    customer, _ = await stored(uow_factory, free)
    confirmed = await totals(uow_factory, customer.id)

    async with uow_factory() as uow:
        booking = await uow.bookings.get(free.id, lock=True)
        over = booking.cancel(reason=CancellationReason.CUSTOMER, at=NOW + HOUR)
        await uow.bookings.save(over)
        await uow.commit()

    assert (told(confirmed), confirmed.last_booking_at) == ((1, 0, False), NOW)
    assert told(await totals(uow_factory, customer.id)) == (0, 0, False)


async def test_given_an_account_read_before_when_saved_later_then_its_totals_stand(
    uow_factory: UowFactory,
) -> None:
    customer, [payment] = await stored(uow_factory, a_booking())
    await post(uow_factory, payment, CARD)

    async with uow_factory() as uow:
        await uow.customers.save(replace(customer, first_name="Grace", total_bookings=7))
        await uow.commit()

    async with uow_factory() as uow:
        saved = await uow.customers.get(customer.id)
    assert (saved.first_name, told(totals_of(saved))) == ("Grace", (1, 200_000, True))


async def test_given_two_payments_at_once_when_both_count_then_neither_is_lost(
    uow_factory: UowFactory,
) -> None:
    customer, [first, second] = await stored(uow_factory, a_booking(), a_booking())

    async with uow_factory() as uow:
        await uow.customers.get(customer.id, lock=True)
        await uow.ledger.post(a_ledger_entry(first, amounts=CARD))
        waiting = await start_blocked(post(uow_factory, second, CASH), by=uow)
        await uow.commit()
    await outcome(waiting)

    assert told(await totals(uow_factory, customer.id)) == (2, 350_000, True)


async def test_given_guest_bookings_when_they_join_then_those_of_the_address_count(
    uow_factory: UowFactory,
) -> None:
    contact = a_contact(email="ADA@example.com")
    guests = [a_booking(contact=contact).confirm(at=NOW) for _ in range(3)]
    another = a_booking(contact=a_contact(email="eve@example.com")).confirm(at=NOW)
    payment = a_payment(guests[0])
    async with uow_factory() as uow:
        for booking in (*guests, another):
            await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.ledger.post(a_ledger_entry(payment, amounts=CARD))
        await uow.commit()
    customer = a_customer(email="ada@Example.com")

    async with uow_factory() as uow:
        await uow.customers.add(customer)
        joined = [
            await uow.bookings.join_account(customer, at=NOW + HOUR, limit=2) for _ in range(3)
        ]
        await uow.commit()

    async with uow_factory() as uow:
        found = [await uow.bookings.get(each.id) for each in (*guests, another)]
    assert joined == [2, 1, 0]
    assert [each.customer_id for each in found] == [customer.id] * 3 + [None]
    assert [each.version - 1 for each in found] == [guests[0].version] * 3 + [another.version - 1]
    assert {each.updated_at for each in found[:3]} == {NOW + HOUR}
    assert told(await totals(uow_factory, customer.id)) == (1, 200_000, True)


async def test_given_money_that_waits_to_go_back_when_its_booking_joins_then_it_is_counted(
    uow_factory: UowFactory,
) -> None:
    never_confirmed = a_booking(contact=a_contact(email="ada@example.com"))
    never_confirmed = never_confirmed.cancel(reason=CancellationReason.STAFF, at=NOW)
    payment = a_payment(never_confirmed)
    async with uow_factory() as uow:
        await uow.bookings.add(never_confirmed)
        await uow.payments.add(payment)
        await uow.ledger.post(a_ledger_entry(payment, amounts=CARD))
        await uow.commit()
    customer = a_customer(email="ada@example.com")

    async with uow_factory() as uow:
        await uow.customers.add(customer)
        await uow.bookings.join_account(customer, at=NOW + HOUR, limit=2)
        await uow.commit()

    assert told(await totals(uow_factory, customer.id)) == (0, 200_000, True)


async def test_given_bookings_of_another_account_when_one_joins_then_they_stay(
    uow_factory: UowFactory,
) -> None:
    theirs = a_booking(contact=a_contact(email="ada@example.com"))
    owner, _ = await stored(uow_factory, theirs)
    customer = a_customer(email="ada@example.com")

    async with uow_factory() as uow:
        await uow.customers.add(customer)
        joined = await uow.bookings.join_account(customer, at=NOW, limit=10)
        await uow.commit()

    async with uow_factory() as uow:
        assert (await uow.bookings.get(theirs.id)).customer_id == owner.id
    assert joined == 0


async def test_given_a_guest_placing_when_their_address_is_verified_then_the_booking_joins_too(
    uow_factory: UowFactory,
) -> None:
    booking = a_booking(contact=a_contact(email="ada@example.com"))
    customer = a_customer(email="ada@example.com")

    async def verify() -> None:
        async with uow_factory() as uow:
            await uow.customers.add(customer)
            await uow.bookings.join_account(customer, at=NOW, limit=10)
            await uow.commit()

    async with uow_factory() as uow:
        owner = await uow.customers.owner_of("ADA@example.com")
        waiting = await start_blocked(verify(), by=uow)
        await uow.bookings.add(booking)
        await uow.commit()
    await outcome(waiting)

    async with uow_factory() as uow:
        assert (await uow.bookings.get(booking.id)).customer_id == customer.id
        assert await uow.customers.owner_of("Ada@example.com") == customer.id
    assert owner is None


@pytest.mark.parametrize("of", ["nobody", "deleted"])
async def test_given_no_account_when_an_owner_is_asked_for_then_there_is_none(
    uow_factory: UowFactory, of: str
) -> None:
    gone = {"email": "", "first_name": "", "last_name": "", "phone": "", "password_hash": ""}
    customer = a_customer(deleted_at=NOW, **gone) if of == "deleted" else a_customer()
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.customers.owner_of("eve@example.com") is None
        assert await uow.customers.owner_of("") is None
