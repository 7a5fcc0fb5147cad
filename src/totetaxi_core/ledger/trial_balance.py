"""What every account holds: the proof that nothing was posted on one side alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from totetaxi_core.ledger.account import Account
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """`balances` has every account, in cents: debits above zero, credits below."""

    balances: Mapping[Account, int]

    @property
    def debit_cents(self) -> int:
        return sum(cents for cents in self.balances.values() if cents > 0)

    @property
    def credit_cents(self) -> int:
        return -sum(cents for cents in self.balances.values() if cents < 0)

    @property
    def sum_cents(self) -> int:
        """Zero, or the ledger is broken."""
        return self.debit_cents - self.credit_cents


async def trial_balance(ports: Ports) -> TrialBalance:
    """Return the balance of every account as of now."""
    async with ports.unit_of_work() as uow:
        balances = await uow.ledger.balances()
    return TrialBalance(balances={account: balances.get(account, 0) for account in Account})
