"""Start and complete a booking, as a member of staff."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.booking_version import require_version
from totetaxi_core.bookings.end_reschedule import close_reschedule
from totetaxi_core.bookings.owed_by_booking import owe_completion
from totetaxi_core.bookings.status_change import StatusChange, status_act
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

MAX_TRIES = 5


async def start_booking(change: StatusChange, ports: Ports, terms: Terms) -> Booking:
    """Record that the driver has set out. A reschedule that waits for its payment ends.

    Raises:
        BookingNotFoundError: no booking has this id.
        StaleVersionError: it has changed since it was seen, or has just moved to another slot.
        InvalidTransitionError: it is not confirmed.
        PaymentUnderWayError, PaymentUnavailableError: of the reschedule's payment.
    """
    step = _Step("started", EventType.BOOKING_STARTED, lambda booking, at: booking.start(at=at))
    return await _advance(change, step, ports, terms)


async def complete_booking(change: StatusChange, ports: Ports, terms: Terms) -> Booking:
    """Record that it is done; a confirmed booking may skip being under way.

    A reschedule that waits for its payment ends.

    Raises:
        BookingNotFoundError: no booking has this id.
        StaleVersionError: it has changed since it was seen, or has just moved to another slot.
        InvalidTransitionError: it is neither confirmed nor under way.
        PaymentUnderWayError, PaymentUnavailableError: of the reschedule's payment.
    """
    step = _Step(
        "completed", EventType.BOOKING_COMPLETED, lambda booking, at: booking.complete(at=at)
    )
    return await _advance(change, step, ports, terms)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is said of it, to staff and to client systems, and the booking after it."""

    said: str
    event_type: EventType
    of: Callable[[Booking, datetime], Booking]


async def _advance(change: StatusChange, step: _Step, ports: Ports, terms: Terms) -> Booking:
    for _ in range(MAX_TRIES):
        async with ports.unit_of_work() as uow:
            before = await uow.bookings.get(change.booking_id, lock=True)
            require_version(before, change.seen_versions)
            after = step.of(before, ports.clock())
            if await uow.reschedules.pending_of(before.id) is None:
                await _keep(change, step, before, after, uow, ports)
                await uow.commit()
                return after
        await close_reschedule(change.booking_id, ports, terms)
        # If its payer was faster it has moved, which whoever advances it does not know.
        change = replace(change, seen_versions=(before.version,))
    raise PaymentUnderWayError("somebody keeps rescheduling this booking")


async def _keep(
    change: StatusChange,
    step: _Step,
    before: Booking,
    after: Booking,
    uow: UnitOfWork,
    ports: Ports,
) -> None:
    await uow.bookings.save(after)
    await announce(uow, step.event_type, after, at=after.updated_at)
    if after.status is BookingStatus.COMPLETED:
        tasks = await uow.courier_tasks.of_booking(after.id)
        await owe_completion(uow.outbox, ports.ids, after, tasks, at=after.updated_at)
    said, who = f"{step.said} {after.booking_number}", change.staff_name
    act = status_act(before, after, ports.ids, staff_name=who, said=said, notes=change.notes)
    await uow.staff_acts.add(act)
