"""What was earned on each business day, and what it left of tax: told from the ledger alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import FieldFault, InvalidInputError

MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """All in cents and without tax, but for the two of tax.

    `gross_cents` is before discounts. A refund that failed, and a dispute that was won, count
    against their own kind on the day that showed it. What came twice and goes back is in none.
    """

    gross_cents: int = 0
    discount_cents: int = 0
    refund_cents: int = 0
    dispute_loss_cents: int = 0
    tax_collected_cents: int = 0
    tax_refunded_cents: int = 0

    @property
    def net_cents(self) -> int:
        lost_cents = self.discount_cents + self.refund_cents + self.dispute_loss_cents
        return self.gross_cents - lost_cents

    @classmethod
    def of_sums(cls, sums: Mapping[tuple[EntryKind, Account], int]) -> Self:
        """Read it from what was posted by kind of entry and account."""

        def debits(account: Account) -> int:
            return sum(cents for (_, posted_to), cents in sums.items() if posted_to is account)

        collected_cents = -sums.get((EntryKind.CHARGE, Account.TAX), 0)
        return cls(
            gross_cents=-debits(Account.REVENUE),
            discount_cents=debits(Account.DISCOUNTS),
            refund_cents=debits(Account.REFUNDS),
            dispute_loss_cents=debits(Account.DISPUTE_LOSSES),
            tax_collected_cents=collected_cents,
            tax_refunded_cents=collected_cents + debits(Account.TAX),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueReport:
    """Every day asked for, in order, those without any movement too; `total` is their sum."""

    days: Mapping[date, Revenue]
    total: Revenue


async def daily_revenue(
    ports: Ports, terms: Terms, *, from_on: date | None = None, to_on: date | None = None
) -> RevenueReport:
    """Report business days, both ends included; this month up to today unless told.

    Raises:
        InvalidInputError: the days end before they begin, or are more than 366.
    """
    last_on = to_on or ports.clock().astimezone(terms.zone).date()
    first_on = from_on or last_on.replace(day=1)
    _check(first_on, last_on)
    days = [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
    async with ports.unit_of_work() as uow:
        by_day = {
            on: await uow.ledger.sums(
                posted_from=day_begins_at(on, terms.zone),
                posted_until=day_begins_at(on + timedelta(days=1), terms.zone),
            )
            for on in days
        }
    whole: Counter[tuple[EntryKind, Account]] = Counter()
    for sums in by_day.values():
        whole.update(sums)
    return RevenueReport(
        days={on: Revenue.of_sums(sums) for on, sums in by_day.items()},
        total=Revenue.of_sums(whole),
    )


def day_begins_at(on: date, zone: tzinfo) -> datetime:
    """Return the UTC instant of a business day's midnight; the day may have 23 or 25 hours."""
    return datetime.combine(on, time.min, tzinfo=zone).astimezone(UTC)


def _check(first_on: date, last_on: date) -> None:
    if last_on < first_on:
        message = f"must not end before {first_on}"
        raise InvalidInputError([FieldFault(field="to", code="out_of_order", message=message)])
    if (last_on - first_on).days >= MOST_DAYS:
        message = f"at most {MOST_DAYS} days at a time"
        raise InvalidInputError([FieldFault(field="to", code="out_of_range", message=message)])
