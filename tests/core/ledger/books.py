"""The ledger of a house, posted to without anything else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from tests.builders import NOW, a_booking, a_payment, a_refund, a_rich_quote, an_id
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import LedgerEntry, total_in
from totetaxi_core.ledger.post_movement import (
    post_charge,
    post_dispute,
    post_refund,
    post_refund_failure,
)
from totetaxi_core.payments.dispute import Dispute, DisputeStatus
from totetaxi_core.payments.payment import Payment, PaymentPurpose
from totetaxi_core.payments.refund import Refund

HOUR = timedelta(hours=1)


class Books:
    """Each act is an hour later than the one before, in a transaction of its own."""

    def __init__(self) -> None:
        self.house = MemoryHouse()
        self.ids = self.house.ids
        self.hours = 0

    async def charge(
        self, booking: Booking | None = None, *, purpose: PaymentPurpose = PaymentPurpose.BOOKING
    ) -> Payment:
        booking = booking or a_booking(offer=a_rich_quote())
        payment = a_payment(booking, purpose=purpose)
        async with self.house.ports.unit_of_work() as uow:
            await post_charge(uow, booking, payment, self.ids, at=NOW)
            await uow.commit()
        return payment

    async def refund(self, payment: Payment, amount_cents: int) -> Refund:
        refund = a_refund(payment, amount_cents=amount_cents)
        await self.post(refund)
        return refund

    async def post(self, refund: Refund) -> None:
        self.hours += 1
        async with self.house.ports.unit_of_work() as uow:
            await post_refund(uow, refund, self.ids, at=NOW + self.hours * HOUR)
            await uow.commit()

    async def fail(self, refund: Refund) -> None:
        self.hours += 1
        async with self.house.ports.unit_of_work() as uow:
            await post_refund_failure(uow, refund, self.ids, at=NOW + self.hours * HOUR)
            await uow.commit()

    async def dispute(self, dispute: Dispute, *, withdrawn_cents: int) -> None:
        self.hours += 1
        moved = replace(dispute, withdrawn_cents=withdrawn_cents)
        async with self.house.ports.unit_of_work() as uow:
            await post_dispute(uow, moved, self.ids, at=NOW + self.hours * HOUR)
            await uow.commit()

    @property
    def entries(self) -> list[LedgerEntry]:
        rows = self.house.database.ledger_entries.rows.values()
        return sorted(rows, key=lambda entry: entry.posted_at)

    def balances(self) -> Mapping[Account, int]:
        """Return every account that holds anything."""
        totals = {account: total_in(account, self.entries) for account in Account}
        return {account: cents for account, cents in totals.items() if cents}


def a_dispute(payment: Payment) -> Dispute:
    return Dispute(
        id=an_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        stripe_dispute_id="du_1",
        amount_cents=payment.amount_cents,
        withdrawn_cents=0,
        status=DisputeStatus.OPEN,
        reason="fraudulent",
        due_by=None,
        is_refundable=False,
        created_at=NOW,
        updated_at=NOW,
    )
