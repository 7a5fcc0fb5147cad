"""What of a booking's money can be given back when it is cancelled, or gets cheaper."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from totetaxi_core.ledger.post_cash import cash_held_cents
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.refundable import Refundable, left_of_each
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLeft:
    """What is left of the payments by card, and of the cash that we hold.

    Both only where a booking paid in cash has moved to a dearer slot.
    """

    cards: tuple[Refundable, ...]
    cash_cents: int

    @property
    def card_cents(self) -> int:
        return sum(each.left_cents for each in self.cards)

    @property
    def cents(self) -> int:
        return self.card_cents + self.cash_cents

    @property
    def is_nothing_paid(self) -> bool:
        return not self.cards and not self.cash_cents

    @classmethod
    async def of(cls, booking_id: UUID, uow: UnitOfWork) -> Self:
        """Add up a booking's rows; nothing is left while an open dispute has its payment."""
        payments = await uow.payments.of_booking(booking_id)
        refunds = await uow.refunds.of_booking(booking_id)
        # What was only asked for may yet be rejected: it must not take from what the terms owe.
        decided = [each for each in refunds if each.status is not RefundStatus.REQUESTED]
        cards = left_of_each(payments, decided, await uow.disputes.of_booking(booking_id))
        entries = await uow.ledger.of_booking(booking_id)
        return cls(cards=cards, cash_cents=cash_held_cents(entries))
