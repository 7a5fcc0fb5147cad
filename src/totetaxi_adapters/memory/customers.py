"""The port to customer accounts."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError, EmailTakenError
from totetaxi_core.customers.totals import CustomerTotals, totals_of, with_totals


class MemoryCustomers:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.customers, transaction)

    async def add(self, customer: Customer) -> None:
        await self._transaction.lock("customer email", customer.email_key)
        if await self.find(customer.email) is not None:
            self._transaction.doom()
            raise EmailTakenError("this e-mail address is in use")
        await self._transaction.lock("customer", customer.id)
        self._rows.insert(customer.id, customer)

    async def save(self, customer: Customer) -> None:
        await self._transaction.lock("customer", customer.id)
        counted = totals_of(await self.get(customer.id))
        self._rows.update(customer.id, with_totals(customer, counted))

    async def get(self, customer_id: UUID, *, lock: bool = False) -> Customer:
        if lock:
            await self._transaction.lock("customer", customer_id)
        customer = self._rows.get(customer_id)
        if customer is None:
            raise CustomerNotFoundError("no customer has this id")
        return customer

    async def of_stripe(self, stripe_customer_id: str) -> Customer | None:
        every = (each for each in self._rows.all() if each.deleted_at is None)
        return next((each for each in every if each.stripe_customer_id == stripe_customer_id), None)

    async def find(self, email: str) -> Customer | None:
        found = self._rows.where("email", email.strip().lower())
        return next((each for each in found if each.deleted_at is None), None)

    async def owner_of(self, email: str) -> UUID | None:
        await self._transaction.lock("contact email", email.strip().lower())
        owner = await self.find(email)
        return None if owner is None else owner.id

    async def recount(self, customer_id: UUID, totals: CustomerTotals) -> None:
        """Store an account's totals, which `save` leaves alone."""
        customer = await self.get(customer_id, lock=True)
        self._rows.update(customer_id, with_totals(customer, totals))
