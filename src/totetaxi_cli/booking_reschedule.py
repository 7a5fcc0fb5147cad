"""Move a booking to another date and time, for the price that was shown first."""

from dataclasses import dataclass
from datetime import date, time

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import money, print_json
from totetaxi_cli.question import require_yes
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.bookings.reschedule_booking import (
    Rescheduled,
    preview_reschedule,
    reschedule_booking,
)
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.schemas.reschedule import RescheduleResponse

OPTION = "--expect-total-cents"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOptions:
    """What the command line says; `expected_total_cents` is agreed to without asking."""

    pickup_date: date
    pickup_time: time
    override_reason: str | None
    expected_total_cents: int | None
    yes: bool
    as_json: bool

    @property
    def override(self) -> ScheduleOverride | None:
        return (
            None if self.override_reason is None else ScheduleOverride(reason=self.override_reason)
        )


def reschedule_to_terminal(number: str, options: MoveOptions, *, staff: str) -> None:
    """Move it and say so; what it then costs is agreed to first.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: of the schedule, or a program did not say which total it expects.
        BookingNotFoundError: no booking has this number.
        NotReschedulableError: it is over, under way, or due.
        PriceChangedError: it costs another total; nothing was changed.
        SlotUnavailableError: no crew is free there.
        PaymentUnderWayError, PaymentUnavailableError: it stays as it is.
    """
    override = options.override

    async def job(wiring: Wiring, staff_name: str) -> Rescheduled:
        booking = await look_up_status(number, wiring.ports)
        asked = Rescheduling(
            booking_id=booking.id,
            pickup_date=options.pickup_date,
            pickup_time=options.pickup_time,
            staff_name=staff_name,
            override=override,
        )
        agreed_cents = options.expected_total_cents
        if agreed_cents is None:
            offer = await preview_reschedule(asked, wiring.ports, wiring.terms)
            agreed_cents = offer.quote.total_cents
            if not options.yes:
                _ask(offer, is_program=options.as_json)
        return await reschedule_booking(
            asked, wiring.ports, wiring.terms, expected_total_cents=agreed_cents
        )

    done = run_with_stripe(as_staff(staff, StaffCommand.BOOKINGS_RESCHEDULE, job))
    if options.as_json:
        print_json(RescheduleResponse.from_rescheduled(done))
    else:
        typer.echo(_told(done))


def _ask(offer: RescheduleOffer, *, is_program: bool) -> None:
    total_cents = offer.quote.total_cents
    if is_program:
        message = f"say what it is to cost ({total_cents}), or give --yes"
        raise InvalidInputError([FieldFault(field=OPTION, code="missing", message=message)])
    require_yes(f"{_moves(offer)}. Move {offer.booking.booking_number}?")


def _moves(offer: RescheduleOffer) -> str:
    """Say what it costs there and which money moves."""
    said = f"{money(offer.quote.total_cents)} in place of {money(offer.booking.total_cents)}"
    if offer.refund_cents:
        return f"{said}: {money(offer.refund_cents)} comes back"
    if offer.is_paid and offer.to_pay_cents:
        return f"{said}: {money(offer.to_pay_cents)} is to be paid"
    return said


def _told(done: Rescheduled) -> str:
    booking = done.booking
    if done.pending is not None:
        return (
            f"{booking.booking_number} moves once {money(done.pending.difference_cents)} is paid, "
            f"until {done.pending.expires_at:%Y-%m-%d %H:%M} UTC; the link is on its way"
        )
    request = booking.quote.request
    when = f"{request.pickup_date} {request.pickup_time:%H:%M}"
    return f"{booking.booking_number} is on {when}, for {money(booking.total_cents)}"
