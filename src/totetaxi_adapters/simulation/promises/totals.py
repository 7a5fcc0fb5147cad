"""What an account has spent, and whether that makes a VIP, is what the ledger says."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in

VIP_CENTS: Final = 200_000


def totals_are_the_ledgers(database: MemoryDatabase, customer_id: UUID) -> Iterator[str]:
    customer = database.customers.rows[customer_id]
    keys = database.bookings.keys_where("customer", customer_id)
    bookings = [database.bookings.rows[key] for key in keys]
    nets = {booking.id: _net(booking.id, database) for booking in bookings}
    spent = max(0, sum(nets.values()))
    if (customer.total_spent_cents, customer.is_vip) != (spent, spent >= VIP_CENTS):
        yield f"an account has {customer.total_spent_cents} cents and the ledger {spent}"
    counted = [booking for booking in bookings if _counts(booking, nets[booking.id])]
    if customer.total_bookings != len(counted):
        yield f"an account has {customer.total_bookings} bookings and {len(counted)} count"


def _net(booking_id: UUID, database: MemoryDatabase) -> int:
    keys = database.ledger_entries.keys_where("booking", booking_id)
    entries = [database.ledger_entries.rows[key] for key in keys]
    return total_in(Account.STRIPE, entries) + total_in(Account.CASH, entries)


def _counts(booking: Booking, net_cents: int) -> bool:
    is_free = booking.total_cents == 0 and booking.status is not BookingStatus.CANCELLED
    return booking.confirmed_at is not None and (net_cents > 0 or is_free)
