"""Payments on the terminal."""

from dataclasses import dataclass
from datetime import date

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.list_place import checked_place
from totetaxi_cli.output import money, print_json, print_table
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.page import Page
from totetaxi_core.payments.find_payments import FoundPayment, PaymentFilter, find_payments
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_http.schemas.payment import FoundPaymentResponse
from totetaxi_http.wire.business_day import begin_of, end_of
from totetaxi_http.wire.page import place_of, place_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which payments; the days are New York's, both included."""

    status: PaymentStatus | None
    purpose: PaymentPurpose | None
    number: str | None
    first_on: date | None
    last_on: date | None
    limit: int
    after: str | None

    async def to_filter(self, wiring: Wiring) -> PaymentFilter:
        booking = None if self.number is None else await look_up_status(self.number, wiring.ports)
        return PaymentFilter(
            status=self.status,
            purpose=self.purpose,
            booking_id=None if booking is None else booking.id,
            created_from=begin_of(self.first_on, wiring.terms.zone),
            created_until=end_of(self.last_on, wiring.terms.zone),
        )


@attrs.frozen(kw_only=True)
class PaymentListResponse:
    """`next` is where to ask on from, with --after; null at the end."""

    results: tuple[FoundPaymentResponse, ...]
    next: str | None


def list_to_terminal(asked: Asked, *, as_json: bool) -> None:
    """Print a page of payments.

    Raises:
        InvalidInputError: `after` is not what a list ended with.
        BookingNotFoundError: no booking has the number.
    """
    place = place_of(checked_place(asked.after))

    async def job(wiring: Wiring) -> Page[FoundPayment]:
        wanted = await asked.to_filter(wiring)
        async with wiring.ports.unit_of_work() as uow:
            return await find_payments(uow.payment_desk, wanted, before=place, limit=asked.limit)

    page = run(job)
    results = tuple(FoundPaymentResponse.from_found(one) for one in page.entries)
    end = None if page.oldest is None else place_text(page.oldest.payment)
    if as_json:
        print_json(PaymentListResponse(results=results, next=end))
        return
    print_table(
        ("booking", "status", "amount", "purpose", "card", "charge", "made (UTC)"),
        map(_row, results),
        right=frozenset({"amount"}),
        empty="There is no such payment.",
    )
    if end is not None:
        typer.echo(f"older ones: --after {end}")


def _row(payment: FoundPaymentResponse) -> tuple[object, ...]:
    card = f"{payment.card_brand} {payment.card_last_four}" if payment.card_last_four else None
    return (
        payment.booking_number,
        payment.status,
        money(payment.amount_cents),
        payment.purpose,
        card,
        payment.stripe_charge_id,
        f"{payment.created_at:%Y-%m-%d %H:%M}",
    )
