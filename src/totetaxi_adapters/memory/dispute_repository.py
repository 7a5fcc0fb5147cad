"""The port to disputes."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.payments.dispute import Dispute


class MemoryDisputes:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.disputes, transaction)

    async def add(self, dispute: Dispute) -> None:
        await self._transaction.lock("dispute", dispute.id)
        self._require_only(dispute)
        self._rows.insert(dispute.id, dispute)

    async def save(self, dispute: Dispute) -> None:
        await self._transaction.lock("dispute", dispute.id)
        self._require_only(dispute)
        self._rows.update(dispute.id, dispute)

    async def find(self, stripe_dispute_id: str) -> Dispute | None:
        """Return the dispute that Stripe has under this id, None if we do not have it."""
        return next(iter(self._rows.where("provider", stripe_dispute_id)), None)

    async def of_booking(self, booking_id: UUID) -> tuple[Dispute, ...]:
        """Return the booking's disputes, oldest first."""
        return tuple(sorted(self._rows.where("booking", booking_id), key=_age))

    def _require_only(self, dispute: Dispute) -> None:
        self._rows.require_only(dispute.id, index="provider", value=dispute.stripe_dispute_id)


def _age(dispute: Dispute) -> tuple[datetime, UUID]:
    return dispute.created_at, dispute.id
