"""What a booking costs, and what has been paid and sent back: the content of its papers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.payments.booking_money import PENDING, BookingMoney, MoneyMovement, MovementKind
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork

UNTOLD = frozenset({RefundStatus.REQUESTED, RefundStatus.REJECTED, RefundStatus.FAILED})
ENTERS = frozenset({MovementKind.CHARGE, MovementKind.CASH})
DUE_WHILE = frozenset({BookingStatus.PENDING})


class NothingPaidError(DomainError):
    """There is no receipt of a booking that nothing was paid for."""

    code = "nothing_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """A payment, above zero, or money sent back, below. `at` is a UTC instant.

    One on its way back does not count yet.
    """

    label: str
    at: datetime
    amount_cents: int
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A booking's lines and its money, oldest first, as its payer may see them.

    What staff have not granted, or Stripe has refused, is not in it. What a bank has taken back
    for a dispute is, for as long as it has it.
    """

    booking: Booking
    money_lines: tuple[MoneyLine, ...]
    issued_at: datetime

    @property
    def paid_cents(self) -> int:
        return sum(line.amount_cents for line in self.money_lines if line.amount_cents > 0)

    @property
    def sent_back_cents(self) -> int:
        """What has gone back, as a number above zero."""
        return -sum(
            line.amount_cents for line in self.money_lines if line.counts and line.amount_cents < 0
        )

    @property
    def due_cents(self) -> int:
        """What is still to be paid; nothing once the booking is confirmed or over."""
        is_due = self.booking.status in DUE_WHILE
        return max(0, self.booking.total_cents - self.paid_cents) if is_due else 0


async def read_invoice(
    booking_id: UUID, ports: Ports, *, customer_id: UUID | None = None
) -> Invoice:
    """Return the invoice as it stands; with a customer, of their own booking alone.

    Raises:
        BookingNotFoundError: no booking, or none of this customer's, has this id.
    """
    async with ports.unit_of_work() as uow:
        booking = await _booking(booking_id, uow, customer_id)
        payments = await uow.payments.of_booking(booking.id)
        disputes = await uow.disputes.of_booking(booking.id)
        money = BookingMoney.of(
            payments,
            await uow.refunds.of_booking(booking.id),
            disputes,
            await uow.ledger.of_booking(booking.id),
        )
    lines = tuple(_lines(money, payments, disputes))
    return Invoice(booking=booking, money_lines=lines, issued_at=ports.clock())


async def read_receipt(
    booking_id: UUID, ports: Ports, *, customer_id: UUID | None = None
) -> Invoice:
    """Return the invoice of a booking that money came for.

    Raises:
        BookingNotFoundError: no booking, or none of this customer's, has this id.
        NothingPaidError: nothing was paid yet.
    """
    invoice = await read_invoice(booking_id, ports, customer_id=customer_id)
    if not invoice.paid_cents:
        number = invoice.booking.booking_number
        raise NothingPaidError(f"nothing was paid for {number}: there is no receipt of it")
    return invoice


async def _booking(booking_id: UUID, uow: UnitOfWork, customer_id: UUID | None) -> Booking:
    if customer_id is None:
        return await uow.bookings.get(booking_id)
    return await booking_of_customer(booking_id, customer_id, uow)


def _lines(
    money: BookingMoney, payments: Iterable[Payment], disputes: Iterable[Dispute]
) -> Iterable[MoneyLine]:
    cards = {one.stripe_charge_id: _card(one) for one in payments if one.stripe_charge_id}
    withdrawn = {one.stripe_dispute_id: one.withdrawn_cents for one in disputes}
    for movement in money.movements:
        cents = movement.amount_cents
        if movement.kind is MovementKind.DISPUTE:
            cents = withdrawn[movement.stripe_id or ""]
        if movement.status in UNTOLD or not cents:
            continue
        yield MoneyLine(
            label=LABELS[movement.kind](movement, cards.get(movement.stripe_id or "", "")),
            at=movement.at,
            amount_cents=cents if movement.kind in ENTERS else -cents,
            counts=movement.status not in PENDING,
        )


def _card(payment: Payment) -> str:
    if payment.card_last_four is None:
        return ""
    return f" ({(payment.card_brand or 'card').capitalize()} ending {payment.card_last_four})"


def _refund(movement: MoneyMovement, _card: str) -> str:
    return "Refund, on its way" if movement.status in PENDING else "Refund"


LABELS: dict[MovementKind, Callable[[MoneyMovement, str], str]] = {
    MovementKind.CHARGE: lambda _, card: f"Paid by card{card}",
    MovementKind.CASH: lambda _, __: "Paid in cash",
    MovementKind.CASH_RETURNED: lambda _, __: "Handed back in cash",
    MovementKind.REFUND: _refund,
    MovementKind.DISPUTE: lambda _, __: "Taken back by the bank, as disputed",
}
