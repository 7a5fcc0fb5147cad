"""What the courier is told of a leg."""

from collections.abc import Iterator
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_gateway import TaskOrder
from totetaxi_core.logistics.courier_task import CourierTask, Leg
from totetaxi_core.logistics.drive_window import DriveWindow
from totetaxi_core.pricing import LineKind, QuoteLine

CARRIED: Final = (LineKind.BASE, LineKind.SPECIALTY, LineKind.ORGANIZING, LineKind.ADDON)
STOP_MINUTES: Final = 30
SAID: Final = {Leg.PICKUP: "pickup", Leg.DROPOFF: "drop-off"}


def task_order(
    booking: Booking,
    task: CourierTask,
    window: DriveWindow,
    *,
    before: CourierTask | None,
) -> TaskOrder:
    """Return the order; its notes hold no price, no mail address and no telephone number.

    `before` is the pickup of a drop-off, which waits for it unless that is over.
    """
    contact = booking.contact
    must_wait = before is not None and not before.is_final
    at_door = task.leg is Leg.DROPOFF and booking.delivery_address is not None
    address = booking.delivery_address if at_door else booking.pickup_address
    return TaskOrder(
        task_id=task.id,
        booking_id=booking.id,
        booking_number=booking.booking_number,
        leg=task.leg,
        address=address or booking.pickup_address,
        full_name=contact.full_name,
        phone=contact.phone if _is_e164(contact.phone) else None,
        window_start_at=window.start_at,
        window_end_at=window.end_at,
        notes="\n".join(_notes(booking, task)),
        quantity=_pieces(booking),
        service_minutes=_stop_minutes(booking),
        after_onfleet_task_id=before.onfleet_task_id if before and must_wait else None,
    )


def _notes(booking: Booking, task: CourierTask) -> Iterator[str]:
    yield f"Booking {booking.booking_number}, {SAID[task.leg]}."
    for line in booking.quote.lines:
        if line.kind in CARRIED:
            yield f"- {_said(line)}"
    if booking.item_description:
        yield f"Items: {booking.item_description}"
    if booking.special_instructions:
        yield f"Please note: {booking.special_instructions}"
    if not _is_e164(booking.contact.phone):
        yield "No telephone number: ask the office to reach the customer."


def _said(line: QuoteLine) -> str:
    return f"{line.quantity} x {line.label}" if line.quantity > 1 else line.label


def _pieces(booking: Booking) -> int:
    request = booking.quote.request
    return max(1, (request.item_count or 0) + sum(request.specialty_quantities.values()))


def _stop_minutes(booking: Booking) -> int:
    """Return how long a stop lasts: without a drive, the crew's work itself."""
    return STOP_MINUTES if booking.delivery_address else booking.quote.estimated_hours * 60


def _is_e164(phone: str) -> bool:
    digits = phone.removeprefix("+")
    return phone.startswith("+") and digits.isascii() and digits.isdigit() and len(digits) > 6  # noqa: PLR2004  the shortest there are
