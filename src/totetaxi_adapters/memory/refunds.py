"""The port to refunds."""

from datetime import datetime
from heapq import nlargest
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.payments.refund import Refund, RefundNotFoundError, RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED, RefundExceedsPaymentError, left_of


class MemoryRefundRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.refunds, transaction)
        self._payments = View(database.payments, transaction)
        self._disputes = View(database.disputes, transaction)

    async def add(self, refund: Refund) -> None:
        """Store a new refund.

        Raises:
            RefundExceedsPaymentError: with those that count already it exceeds its payment.
        """
        await self._transaction.lock("payment", refund.payment_id)
        await self._transaction.lock("refund", refund.id)
        self._require_room(refund)
        self._rows.require_only(refund.id, index="provider", value=refund.stripe_refund_id)
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
        return tuple(sorted(found, key=_age))

    async def page(
        self, *, status: RefundStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Refund, ...]:
        """Return refunds newest first by (`created_at`, `id`), those older than `after`."""
        found = (row for row in self._rows.all() if status in (None, row.status))
        older = (row for row in found if after is None or _age(row) < after)
        return tuple(nlargest(limit, older, key=_age))

    def _require_room(self, refund: Refund) -> None:
        payment = self._payments.get(refund.payment_id)
        if payment is None or refund.status in UNCOUNTED:
            return
        beside = self._rows.where("booking", refund.booking_id)
        # What Stripe has sent back already is a fact, even beside a dispute.
        is_made = refund.stripe_refund_id is not None
        disputes = [] if is_made else self._disputes.where("booking", refund.booking_id)
        if refund.amount_cents > left_of(payment, beside, disputes):
            self._transaction.doom()
            raise RefundExceedsPaymentError("more than is left of the payment")


def _age(refund: Refund) -> tuple[datetime, UUID]:
    return refund.created_at, refund.id
