"""The port by which staff find customers."""

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.find_bookings import Search, SearchKind
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_desk import CustomerFilter
from totetaxi_core.page import Place


class MemoryCustomerDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._customers = View(database.customers, transaction)
        self._bookings = View(database.bookings, transaction)

    async def page(
        self,
        wanted: CustomerFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Customer, ...]:
        found = sorted(
            (row for row in self._customers.all() if self._is_wanted(row, wanted)), key=Place.of
        )
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(reversed(newer[:limit]))
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(reversed(older))[:limit]

    def _is_wanted(self, customer: Customer, wanted: CustomerFilter) -> bool:
        if customer.deleted_at is not None or wanted.is_vip not in (None, customer.is_vip):
            return False
        return wanted.search is None or self._is_found(customer, wanted.search)

    def _is_found(self, customer: Customer, search: Search) -> bool:
        if search.kind is SearchKind.NUMBER:
            booked = self._bookings.where("number", search.text)
            return any(booking.customer_id == customer.id for booking in booked)
        if search.kind is SearchKind.PHONE:
            return customer.phone == search.text
        if search.kind is SearchKind.EMAIL:
            return customer.email.lower().startswith(search.text)
        names = (customer.last_name, f"{customer.first_name} {customer.last_name}")
        return any(name.lower().startswith(search.text) for name in names)
