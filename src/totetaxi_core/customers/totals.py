"""What a customer has booked and spent, as the ledger has it, and whether that makes a VIP.

Source: docs/customers.md, "Totals".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.customer import Customer
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind

VIP_FROM_CENTS: Final = 200_000
MONEY: Final = (Account.STRIPE, Account.CASH)
"""The accounts that hold money: what is debited there came from the customer."""

TOTALS: Final = ("total_bookings", "total_spent_cents", "last_booking_at", "is_vip")
"""An account's fields that are counted, never set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money of a booking that came, above zero, or went back."""

    kind: EntryKind
    posted_at: datetime
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSpend:
    """What counts of one booking of an account; its movements are oldest first.

    `confirmed_at` is None for one that was never confirmed.
    """

    booking_id: UUID
    service_type: ServiceType
    total_cents: int
    confirmed_at: datetime | None
    is_cancelled: bool
    movements: tuple[Movement, ...]

    @property
    def net_cents(self) -> int:
        return sum(one.amount_cents for one in self.movements)

    @property
    def is_counted(self) -> bool:
        """Tell whether it was confirmed and is not given back: in full, or at all if free."""
        if self.confirmed_at is None:
            return False
        return self.net_cents > 0 or (self.total_cents == 0 and not self.is_cancelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTotals:
    """As an account has them; `last_booking_at` is when the last that counts was confirmed."""

    total_bookings: int
    total_spent_cents: int
    last_booking_at: datetime | None
    is_vip: bool

    @classmethod
    def of(cls, spends: Sequence[BookingSpend]) -> Self:
        """Count every booking of an account anew."""
        counted = [one.confirmed_at for one in spends if one.confirmed_at and one.is_counted]
        # Banks may take back more than came: nobody has spent less than nothing.
        spent_cents = max(0, sum(one.net_cents for one in spends))
        return cls(
            total_bookings=len(counted),
            total_spent_cents=spent_cents,
            last_booking_at=max(counted, default=None),
            is_vip=spent_cents >= VIP_FROM_CENTS,
        )


def totals_of(customer: Customer) -> CustomerTotals:
    """Return the totals that are stored with an account."""
    return CustomerTotals(**{name: getattr(customer, name) for name in TOTALS})


def with_totals(customer: Customer, totals: CustomerTotals) -> Customer:
    return replace(customer, **{name: getattr(totals, name) for name in TOTALS})


class CustomerSpending(Protocol):
    """Reads what customers spend, in its unit of work's transaction."""

    async def of_customer(self, customer_id: UUID) -> tuple[BookingSpend, ...]:
        """Return every booking of the account, oldest first."""
        ...
