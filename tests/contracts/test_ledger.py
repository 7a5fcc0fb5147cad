from datetime import timedelta

from tests.builders import NOW, a_ledger_entry
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_payment
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry

SECOND = timedelta(seconds=1)
SOLD = {Account.STRIPE: 990, Account.REVENUE: -1_000, Account.DISCOUNTS: 100, Account.TAX: -90}
GIVEN_BACK = {Account.STRIPE: -99, Account.REFUNDS: 90, Account.TAX: 9}


async def post_all(uow_factory: UowFactory, *entries: LedgerEntry) -> list[bool]:
    async with uow_factory() as uow:
        posted = [await uow.ledger.post(entry) for entry in entries]
        await uow.commit()
    return posted


async def test_given_entries_when_a_bookings_are_asked_for_then_they_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    payment, other = await store_payment(uow_factory()), await store_payment(uow_factory())
    charge = a_ledger_entry(payment, amounts=SOLD)
    refund = a_ledger_entry(
        payment, kind=EntryKind.REFUND, amounts=GIVEN_BACK, posted_at=NOW + SECOND
    )

    posted = await post_all(uow_factory, refund, a_ledger_entry(other), charge)

    assert posted == [True, True, True]
    async with uow_factory() as uow:
        assert await uow.ledger.of_booking(payment.booking_id) == (charge, refund)


async def test_given_a_posted_cause_when_it_is_posted_again_then_nothing_is_added(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    first = a_ledger_entry(payment, cause="charge:1")
    second = a_ledger_entry(payment, cause="charge:1", amounts=SOLD)

    posted = await post_all(uow_factory, first, second) + await post_all(uow_factory, second)

    assert posted == [True, False, False]
    async with uow_factory() as uow:
        assert await uow.ledger.of_booking(payment.booking_id) == (first,)
        assert sum((await uow.ledger.balances()).values()) == 0


async def test_given_a_cause_being_posted_when_another_posts_it_then_it_waits_and_adds_nothing(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    first, second = (a_ledger_entry(payment, cause="charge:1") for _ in range(2))

    async with uow_factory() as uow:
        await uow.ledger.post(first)
        waiting = await start_blocked(post_all(uow_factory, second), by=uow)
        await uow.commit()
    posted = await outcome(waiting)

    assert posted == [False]
    async with uow_factory() as uow:
        assert await uow.ledger.of_booking(payment.booking_id) == (first,)


async def test_given_an_entry_rolled_back_when_asked_for_then_it_is_not_there(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())

    async with uow_factory() as uow:
        await uow.ledger.post(a_ledger_entry(payment))

    async with uow_factory() as uow:
        assert await uow.ledger.of_booking(payment.booking_id) == ()
        assert not await uow.ledger.balances()


async def test_given_entries_when_balances_are_asked_for_then_they_are_the_sums_by_account(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    await post_all(
        uow_factory,
        a_ledger_entry(payment, amounts=SOLD),
        a_ledger_entry(payment, kind=EntryKind.REFUND, amounts=GIVEN_BACK),
    )

    async with uow_factory() as uow:
        balances = await uow.ledger.balances()

    assert balances == {
        Account.STRIPE: 891,
        Account.REVENUE: -1_000,
        Account.DISCOUNTS: 100,
        Account.TAX: -81,
        Account.REFUNDS: 90,
    }


async def test_given_entries_when_summed_for_a_time_then_its_start_counts_and_its_end_does_not(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    instants = (NOW - SECOND, NOW, NOW + SECOND, NOW + 2 * SECOND)
    sales = [a_ledger_entry(payment, amounts=SOLD, posted_at=at) for at in instants]
    refund = a_ledger_entry(payment, kind=EntryKind.REFUND, amounts=GIVEN_BACK)
    await post_all(uow_factory, *sales, refund)

    async with uow_factory() as uow:
        sums = await uow.ledger.sums(posted_from=NOW, posted_until=NOW + 2 * SECOND)

    assert sums == {
        **{(EntryKind.CHARGE, account): 2 * cents for account, cents in SOLD.items()},
        **{(EntryKind.REFUND, account): cents for account, cents in GIVEN_BACK.items()},
    }
