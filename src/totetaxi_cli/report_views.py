"""Reports on the terminal."""

import datetime as dt
from typing import Self

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_json, print_table
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.daily_revenue import Revenue, RevenueReport, daily_revenue
from totetaxi_core.ledger.trial_balance import TrialBalance, trial_balance

FIGURES = ("gross", "discounts", "refunds", "disputes", "net", "tax", "tax refunded")
SIDES = ("debit", "credit")


@attrs.frozen(kw_only=True)
class RevenueResponse:
    """`date` is a day in New York, null in the total. All but the tax is without tax."""

    date: dt.date | None
    gross_cents: int
    discount_cents: int
    refund_cents: int
    dispute_loss_cents: int
    net_cents: int
    tax_collected_cents: int
    tax_refunded_cents: int

    @classmethod
    def from_revenue(cls, revenue: Revenue, *, on: dt.date | None) -> Self:
        return cls(
            date=on,
            gross_cents=revenue.gross_cents,
            discount_cents=revenue.discount_cents,
            refund_cents=revenue.refund_cents,
            dispute_loss_cents=revenue.dispute_loss_cents,
            net_cents=revenue.net_cents,
            tax_collected_cents=revenue.tax_collected_cents,
            tax_refunded_cents=revenue.tax_refunded_cents,
        )

    def cells(self) -> tuple[object, ...]:
        """Return what a table shows, in the order of FIGURES."""
        figures = (
            self.gross_cents,
            self.discount_cents,
            self.refund_cents,
            self.dispute_loss_cents,
            self.net_cents,
            self.tax_collected_cents,
            self.tax_refunded_cents,
        )
        return (self.date or "total", *map(money, figures))


@attrs.frozen(kw_only=True)
class RevenueReportResponse:
    days: tuple[RevenueResponse, ...]
    total: RevenueResponse


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


def revenue_to_terminal(*, from_on: dt.date | None, to_on: dt.date | None, as_json: bool) -> None:
    """Print the revenue of each day, both ends included, and their total.

    Raises:
        InvalidInputError: the days end before they begin, or are too many.
    """

    async def job(wiring: Wiring) -> RevenueReport:
        return await daily_revenue(wiring.ports, wiring.terms, from_on=from_on, to_on=to_on)

    report = run(job)
    days = tuple(RevenueResponse.from_revenue(one, on=on) for on, one in report.days.items())
    total = RevenueResponse.from_revenue(report.total, on=None)
    if as_json:
        print_json(RevenueReportResponse(days=days, total=total))
        return
    shown = (one for one in days if one.date and report.days[one.date] != Revenue())
    rows = [one.cells() for one in (*shown, total)]
    print_table(("day", *FIGURES), rows, right=frozenset(FIGURES))
    typer.echo(f"{days[0].date} to {days[-1].date}; days of nothing but zeros are left out")


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
