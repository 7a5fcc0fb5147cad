"""The port by which staff read payments."""

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.payments.find_payments import FoundPayment, PaymentFilter
from totetaxi_core.payments.payment import Payment


class MemoryPaymentDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._payments = View(database.payments, transaction)
        self._bookings = View(database.bookings, transaction)

    async def page(
        self,
        wanted: PaymentFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundPayment, ...]:
        found = sorted((row for row in self._payments.all() if _is(row, wanted)), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return self._listed(newer[:limit])[::-1]
        older = [row for row in found if before is None or Place.of(row) < before]
        return self._listed(older[::-1][:limit])

    def _listed(self, payments: list[Payment]) -> tuple[FoundPayment, ...]:
        numbered = ((payment, self._bookings.get(payment.booking_id)) for payment in payments)
        return tuple(
            FoundPayment(payment=payment, booking_number=booking.booking_number)
            for payment, booking in numbered
            if booking is not None
        )


def _is(payment: Payment, wanted: PaymentFilter) -> bool:
    exact = (
        (wanted.status, payment.status),
        (wanted.purpose, payment.purpose),
        (wanted.booking_id, payment.booking_id),
    )
    if any(asked is not None and asked != stored for asked, stored in exact):
        return False
    if wanted.created_from is not None and payment.created_at < wanted.created_from:
        return False
    return wanted.created_until is None or payment.created_at < wanted.created_until
