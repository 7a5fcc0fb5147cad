"""Saved cards."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import (
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from totetaxi_adapters.postgres.tables import payment_methods
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.payment_method import PaymentMethod, PaymentMethodNotFoundError
from totetaxi_core.page import Place

# A card's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(PaymentMethod))
ADD = insert(payment_methods)
SAVE = update(payment_methods).where(payment_methods.c.id == bindparam("of_id", type_=Uuid))
FIND = select(payment_methods).where(
    payment_methods.c.stripe_payment_method_id == bindparam("provider_id", type_=Text)
)
ACTIVE = select(payment_methods).where(
    payment_methods.c.customer_id == bindparam("of_customer", type_=Uuid),
    # Written out, as the index's condition is.
    literal_column("payment_methods.is_active"),
)
GET = ACTIVE.where(payment_methods.c.id == bindparam("of_id", type_=Uuid))
PLACE = tuple_(payment_methods.c.created_at, payment_methods.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
NEWEST_FIRST = ACTIVE.order_by(payment_methods.c.created_at.desc(), payment_methods.c.id.desc())
OLDEST_FIRST = ACTIVE.order_by(payment_methods.c.created_at, payment_methods.c.id)
LIMIT = bindparam("limit", type_=Integer)


class PostgresPaymentMethods:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, method: PaymentMethod) -> None:
        await self._transaction.execute(ADD, _row(method))

    async def save(self, method: PaymentMethod) -> None:
        await self._transaction.execute(SAVE, _row(method) | {"of_id": method.id})

    async def get(self, customer_id: UUID, method_id: UUID) -> PaymentMethod:
        given = {"of_customer": customer_id, "of_id": method_id}
        row = (await self._transaction.execute(GET, given)).mappings().one_or_none()
        if row is None:
            raise PaymentMethodNotFoundError
        return _method(row)

    async def find(self, stripe_payment_method_id: str) -> PaymentMethod | None:
        given = {"provider_id": stripe_payment_method_id}
        row = (await self._transaction.execute(FIND, given)).mappings().one_or_none()
        return None if row is None else _method(row)

    async def active(self, customer_id: UUID) -> tuple[PaymentMethod, ...]:
        rows = await self._transaction.execute(NEWEST_FIRST, {"of_customer": customer_id})
        return tuple(_method(row) for row in rows.mappings())

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[PaymentMethod, ...]:
        statement = (NEWEST_FIRST if after is None else OLDEST_FIRST).limit(LIMIT)
        given: dict[str, object] = {"of_customer": customer_id, "limit": limit}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(_method(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _row(method: PaymentMethod) -> dict[str, object]:
    return {name: getattr(method, name) for name in FIELDS}


def _method(row: RowMapping) -> PaymentMethod:
    return PaymentMethod(**{name: row[name] for name in FIELDS})
