"""Customer accounts."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import RowMapping, Text, Uuid, bindparam, func, insert, select, update

from totetaxi_adapters.postgres.tables import customers
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.customer import (
    Customer,
    CustomerNotFoundError,
    PreferredPickupTime,
)
from totetaxi_core.customers.totals import TOTALS

# An account's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Customer))
ADD = insert(customers)
# Whoever saves an account may have read its totals long ago: they are counted, never set.
SAVED = tuple(name for name in FIELDS if name not in TOTALS)
SAVE = (
    update(customers)
    .where(customers.c.id == bindparam("of_id", type_=Uuid))
    .values({customers.c[name]: bindparam(name, type_=customers.c[name].type) for name in SAVED})
)
GET = select(customers).where(customers.c.id == bindparam("of_id", type_=Uuid))
# Its bookings refer to it: they may be stored meanwhile.
LOCK = GET.with_for_update(key_share=True)
FIND = select(customers).where(
    func.lower(customers.c.email) == bindparam("email_key", type_=Text),
    customers.c.deleted_at.is_(None),
)

OF_STRIPE = select(customers).where(
    customers.c.stripe_customer_id == bindparam("stripe_customer_id", type_=Text),
    customers.c.deleted_at.is_(None),
)


class PostgresCustomers:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, customer: Customer) -> None:
        await self._transaction.execute(ADD, _row(customer))

    async def save(self, customer: Customer) -> None:
        facts = {name: getattr(customer, name) for name in SAVED}
        await self._transaction.execute(SAVE, facts | {"of_id": customer.id})

    async def get(self, customer_id: UUID, *, lock: bool = False) -> Customer:
        rows = await self._transaction.execute(LOCK if lock else GET, {"of_id": customer_id})
        row = rows.mappings().one_or_none()
        if row is None:
            raise CustomerNotFoundError("no customer has this id")
        return customer_from_row(row)

    async def of_stripe(self, stripe_customer_id: str) -> Customer | None:
        parameters = {"stripe_customer_id": stripe_customer_id}
        row = (await self._transaction.execute(OF_STRIPE, parameters)).mappings().one_or_none()
        return None if row is None else customer_from_row(row)

    async def find(self, email: str) -> Customer | None:
        # Lowered here, as everywhere else: the database's makes another name of some letters.
        rows = await self._transaction.execute(FIND, {"email_key": email.strip().lower()})
        row = rows.mappings().one_or_none()
        return None if row is None else customer_from_row(row)

    async def owner_of(self, email: str) -> UUID | None:
        await self._transaction.lock_shared(contact_lock(email.strip().lower()))
        owner = await self.find(email)
        return None if owner is None else owner.id


def contact_lock(email_key: str) -> str:
    """Return the name of the lock between booking as a guest and joining an account."""
    return f"contact:{email_key}"


def customer_from_row(row: RowMapping) -> Customer:
    facts = {name: row[name] for name in FIELDS}
    facts |= {"preferred_pickup_time": PreferredPickupTime(row["preferred_pickup_time"])}
    return Customer(**facts)


def _row(customer: Customer) -> dict[str, object]:
    return {name: getattr(customer, name) for name in FIELDS}
