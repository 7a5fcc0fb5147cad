"""The port to refunds."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.payments.refund import Refund, RefundNotFoundError


class MemoryRefundRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.refunds, transaction)

    async def add(self, refund: Refund) -> None:
        await self._transaction.lock("refund", refund.id)
        self._rows.insert(refund.id, refund)

    async def save(self, refund: Refund) -> None:
        await self._transaction.lock("refund", refund.id)
        self._rows.require_only(refund.id, index="provider", value=refund.stripe_refund_id)
        self._rows.update(refund.id, refund)

    async def get(self, refund_id: UUID, *, lock: bool = False) -> Refund:
        """Return the refund; `lock` keeps other writers out until commit.

        Raises:
            RefundNotFoundError: no refund has this id.
        """
        if lock and self._rows.get(refund_id) is not None:
            await self._transaction.lock("refund", refund_id)
        refund = self._rows.get(refund_id)
        if refund is None:
            raise RefundNotFoundError(f"there is no refund {refund_id}")
        return refund

    async def of_booking(self, booking_id: UUID) -> tuple[Refund, ...]:
        """Return the booking's refunds, oldest first."""
        found = self._rows.where("booking", booking_id)
        return tuple(sorted(found, key=lambda refund: (refund.created_at, refund.id)))
