from tests.builders import a_booking, a_ledger_entry, a_payment
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.ledger.trial_balance import trial_balance

PAYMENT = a_payment(a_booking())
SOLD = {Account.STRIPE: 990, Account.REVENUE: -1_000, Account.DISCOUNTS: 100, Account.TAX: -90}
GIVEN_BACK = {Account.STRIPE: -99, Account.REFUNDS: 90, Account.TAX: 9}


async def test_given_entries_when_balanced_then_every_account_is_told_and_the_sum_is_zero() -> None:
    house = MemoryHouse()
    async with house.ports.unit_of_work() as uow:
        await uow.ledger.post(a_ledger_entry(PAYMENT, amounts=SOLD))
        await uow.ledger.post(a_ledger_entry(PAYMENT, kind=EntryKind.REFUND, amounts=GIVEN_BACK))
        await uow.commit()

    balance = await trial_balance(house.ports)

    assert list(balance.balances) == list(Account)
    assert balance.balances[Account.STRIPE] == 891
    assert balance.balances[Account.CUSTOMER_MONEY] == 0
    assert (balance.debit_cents, balance.credit_cents) == (1_081, 1_081)
    assert balance.sum_cents == 0
