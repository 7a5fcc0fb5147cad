"""Customers' totals: recounted from the ledger by whichever transaction changes what counts."""

from uuid import UUID

from totetaxi_adapters.memory.bookings import MemoryBookingRepository
from totetaxi_adapters.memory.customers import MemoryCustomers
from totetaxi_adapters.memory.ledger import MemoryLedger
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.totals import MONEY, BookingSpend, CustomerTotals, Movement
from totetaxi_core.customers.vip_letter import owed_vip_letter
from totetaxi_core.outbox.outbox import Outbox


class MemoryCustomerSpending:
    def __init__(self, bookings: MemoryBookingRepository, ledger: MemoryLedger) -> None:
        self._bookings, self._ledger = bookings, ledger

    async def of_customer(self, customer_id: UUID) -> tuple[BookingSpend, ...]:
        booked = self._bookings.of_customer(customer_id)
        return tuple([await self._spend(booking) for booking in booked])

    async def _spend(self, booking: Booking) -> BookingSpend:
        entries = await self._ledger.of_booking(booking.id)
        return BookingSpend(
            booking_id=booking.id,
            service_type=booking.quote.request.service_type,
            total_cents=booking.total_cents,
            confirmed_at=booking.confirmed_at,
            is_cancelled=booking.status is BookingStatus.CANCELLED,
            movements=tuple(
                Movement(
                    kind=entry.kind, posted_at=entry.posted_at, amount_cents=posting.amount_cents
                )
                for entry in entries
                for posting in entry.postings
                if posting.account in MONEY
            ),
        )


class DueRecounts:
    """Whose totals this transaction may have changed; its commit counts them anew."""

    def __init__(
        self, bookings: MemoryBookingRepository, ledger: MemoryLedger, customers: MemoryCustomers
    ) -> None:
        self._bookings, self._ledger, self._customers = bookings, ledger, customers
        self._spending = MemoryCustomerSpending(bookings, ledger)

    async def before_commit(self, outbox: Outbox) -> None:
        """Count anew under the customer's lock: whoever counts next sees what we have posted.

        Who becomes a VIP by it is owed a letter.
        """
        for customer_id in sorted(self._owners()):
            customer = await self._customers.get(customer_id, lock=True)
            spends = await self._spending.of_customer(customer_id)
            totals = CustomerTotals.of(spends)
            await self._customers.recount(customer_id, totals)
            if totals.is_vip and not customer.is_vip:
                await outbox.owe(owed_vip_letter(customer_id, spends))

    def _owners(self) -> set[UUID]:
        confirmed = [one for one in self._bookings.changed() if one.confirmed_at is not None]
        posted_to = [self._bookings.owner_of(one.booking_id) for one in self._ledger.posted()]
        owners = {*posted_to, *(one.customer_id for one in confirmed), *self._bookings.joined()}
        return {owner for owner in owners if owner is not None}
