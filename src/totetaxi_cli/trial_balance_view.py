"""The trial balance on the terminal."""

from typing import Self

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_json, print_table
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.trial_balance import TrialBalance, trial_balance

SIDES = ("debit", "credit")


@attrs.frozen(kw_only=True)
class AccountResponse:
    """One of the two figures is 0."""

    account: Account
    debit_cents: int
    credit_cents: int


@attrs.frozen(kw_only=True)
class TrialBalanceResponse:
    """`sum_cents` is 0, or the ledger is broken."""

    accounts: tuple[AccountResponse, ...]
    debit_cents: int
    credit_cents: int
    sum_cents: int

    @classmethod
    def from_balance(cls, balance: TrialBalance) -> Self:
        return cls(
            accounts=tuple(
                AccountResponse(
                    account=account, debit_cents=max(cents, 0), credit_cents=max(-cents, 0)
                )
                for account, cents in balance.balances.items()
            ),
            debit_cents=balance.debit_cents,
            credit_cents=balance.credit_cents,
            sum_cents=balance.sum_cents,
        )


def trial_balance_to_terminal(*, as_json: bool) -> None:
    """Print what each account holds; exit 1 when that does not add up to zero."""

    async def job(wiring: Wiring) -> TrialBalance:
        return await trial_balance(wiring.ports)

    balance = TrialBalanceResponse.from_balance(run(job))
    if as_json:
        print_json(balance)
    else:
        _print_balance(balance)
    if balance.sum_cents:
        raise typer.Exit(1)


def _print_balance(balance: TrialBalanceResponse) -> None:
    rows = [
        (one.account, money(one.debit_cents or None), money(one.credit_cents or None))
        for one in balance.accounts
    ]
    total = ("total", money(balance.debit_cents), money(balance.credit_cents))
    print_table(("account", *SIDES), [*rows, total], right=frozenset(SIDES))
    if balance.sum_cents:
        typer.echo(f"out of balance by {money(balance.sum_cents)}", err=True)
