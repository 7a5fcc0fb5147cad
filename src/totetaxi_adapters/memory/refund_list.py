"""The port by which staff read refunds."""

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.payments.find_refunds import FoundRefund
from totetaxi_core.payments.refund import Refund, RefundStatus


class MemoryRefundDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._refunds = View(database.refunds, transaction)
        self._bookings = View(database.bookings, transaction)

    async def page(
        self,
        *,
        status: RefundStatus | None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundRefund, ...]:
        every = (row for row in self._refunds.all() if status in (None, row.status))
        found = sorted(every, key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return self._listed(newer[:limit])[::-1]
        older = [row for row in found if before is None or Place.of(row) < before]
        return self._listed(older[::-1][:limit])

    def _listed(self, refunds: list[Refund]) -> tuple[FoundRefund, ...]:
        numbered = ((refund, self._bookings.get(refund.booking_id)) for refund in refunds)
        return tuple(
            FoundRefund(refund=refund, booking_number=booking.booking_number)
            for refund, booking in numbered
            if booking is not None
        )
