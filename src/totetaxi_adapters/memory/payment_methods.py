"""The port to saved cards."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import BrokenConstraintError, View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.payment_method import PaymentMethod, PaymentMethodNotFoundError
from totetaxi_core.page import Place


class MemoryPaymentMethods:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.payment_methods, transaction)

    async def add(self, method: PaymentMethod) -> None:
        provider_id = method.stripe_payment_method_id
        await self._transaction.lock("payment method", method.id)
        self._rows.require_only(method.id, index="provider", value=provider_id)
        self._require_one_default(method)
        self._rows.insert(method.id, method)

    async def save(self, method: PaymentMethod) -> None:
        await self._transaction.lock("payment method", method.id)
        self._require_one_default(method)
        self._rows.update(method.id, method)

    async def get(self, customer_id: UUID, method_id: UUID) -> PaymentMethod:
        method = self._rows.get(method_id)
        if method is None or method.customer_id != customer_id or not method.is_active:
            raise PaymentMethodNotFoundError
        return method

    async def find(self, stripe_payment_method_id: str) -> PaymentMethod | None:
        return next(iter(self._rows.where("provider", stripe_payment_method_id)), None)

    async def active(self, customer_id: UUID) -> tuple[PaymentMethod, ...]:
        found = (row for row in self._rows.where("customer", customer_id) if row.is_active)
        return tuple(sorted(found, key=Place.of, reverse=True))

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[PaymentMethod, ...]:
        found = await self.active(customer_id)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[-limit:])
        return tuple(row for row in found if before is None or Place.of(row) < before)[:limit]

    def _require_one_default(self, method: PaymentMethod) -> None:
        if method.is_default and not method.is_active:
            raise BrokenConstraintError(f"{method.id} is no longer active")
        others = self._rows.where("customer", method.customer_id)
        if method.is_default and any(row.is_default and row.id != method.id for row in others):
            raise BrokenConstraintError(f"{method.customer_id} has a default card")
