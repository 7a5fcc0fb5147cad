"""Each leg is driven once, as the courier says, and only for a booking that stands."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Final

from totetaxi_adapters.memory.couriers import UNTOUCHED
from totetaxi_adapters.simulation.promises.books import BookingBooks
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_gateway import ProviderTask
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus
from totetaxi_core.logistics.drive_legs import UNDER_COURIER, last_leg, legs_of
from totetaxi_core.logistics.drive_window import drive_window

DELETED, FAILED = CourierTaskStatus.DELETED, CourierTaskStatus.FAILED
SOON: Final = timedelta(minutes=2)


def one_task_a_leg(books: BookingBooks) -> Iterator[str]:
    """Two are excused only where a create acted long after anybody waited for it."""
    made = Counter(task.leg for task in books.provider_tasks)
    for leg, number in made.items():
        if leg is not None and number > 1 and leg not in books.excused_legs:
            yield f"the courier has {number} tasks of its {leg}"
    stand = Counter(task.leg for task in books.tasks if task.status is not DELETED)
    for leg, number in stand.items():
        if number > 1:
            yield f"we have {number} tasks of its {leg}"


def what_we_say_was_so(books: BookingBooks) -> Iterator[str]:
    """Our task stands as the courier's did at the instant of its last change that we know of."""
    for task in books.tasks:
        if task.status is DELETED or task.onfleet_task_id is None or task.changed_at is None:
            continue
        stood = books.stood[task.onfleet_task_id].get(task.changed_at)
        if stood is not task.status:
            yield f"the {task.leg} is {task.status} here, and was {stood} there"


def the_end_is_told(books: BookingBooks) -> Iterator[str]:
    """A delivery owes its word, a drive that failed an alert, as soon as it is stored."""
    if books.booking.status is BookingStatus.CANCELLED:
        return
    for task in books.tasks:
        told = f"send_message:courier_task:{task.id}"
        is_end = task.leg is last_leg(books.booking)
        if task.status is CourierTaskStatus.COMPLETED and is_end:
            told += ":delivered"
        elif task.status is FAILED:
            told += ":staff_alert:courier_task_failed"
        else:
            continue
        if told not in books.effects:
            yield f"the {task.leg} is {task.status}, and nobody is told"


def booking_follows(books: BookingBooks) -> Iterator[str]:
    """A booking whose driver set out is under way, and completed with its last leg.

    A reschedule that waits for its payment ends first.
    """
    if books.reschedules and not books.is_at_rest:
        return
    status = books.booking.status
    for task in books.tasks:
        if task.status is DELETED:
            continue
        is_end = task.leg is last_leg(books.booking)
        if task.status is CourierTaskStatus.COMPLETED and is_end and status in UNDER_COURIER:
            yield f"its {task.leg} is completed, and it is {status}"
        elif task.has_begun and status is BookingStatus.CONFIRMED:
            yield f"its {task.leg} has begun, and it is confirmed"


def somebody_moved_it(books: BookingBooks) -> Iterator[str]:
    """A booking is under way or done by its drive, or by staff, whose act is on record.

    What the act says is blank once the booking is erased.
    """
    booking = books.booking
    is_begun = booking.status in (BookingStatus.IN_PROGRESS, BookingStatus.COMPLETED)
    if not is_begun or books.is_erased:
        return
    by_hand = any((act.after or {}).get("status") == booking.status for act in books.acts)
    is_done = booking.status is BookingStatus.COMPLETED
    by_drive = any(
        task.status is CourierTaskStatus.COMPLETED if is_done else _has_moved(task)
        for task in books.tasks
    )
    if not by_hand and not by_drive:
        yield f"it is {booking.status}, and nobody drove it"


def _has_moved(task: CourierTask) -> bool:
    return task.has_begun or task.status is FAILED


def both_sides_agree(books: BookingBooks) -> Iterator[str]:
    """Once all is told, our tasks are the courier's, and the courier has no other one to drive."""
    there = {task.id: task for task in books.provider_tasks}
    wanted = set()
    for task in books.tasks:
        seen = there.get(task.onfleet_task_id or "")
        if task.status is not DELETED:
            wanted.add(task.onfleet_task_id)
            yield from _agrees(task, seen)
    for seen in books.provider_tasks:
        if seen.status in UNTOUCHED and seen.id not in wanted:
            yield f"the courier has a {seen.leg} that nobody wants"


def _agrees(task: CourierTask, seen: ProviderTask | None) -> Iterator[str]:
    if task.is_waiting:
        return
    if seen is None:
        if not task.is_final:
            yield f"its {task.leg} is {task.status} here, and not at the courier's"
    elif seen.status is not task.status:
        yield f"its {task.leg} is {task.status} here, and {seen.status} at the courier's"


def cancelled_is_not_driven(books: BookingBooks) -> Iterator[str]:
    """Of what a driver had begun by then, staff were told."""
    if books.booking.status is not BookingStatus.CANCELLED:
        return
    for seen in books.provider_tasks:
        told = f"send_message:courier_task:{seen.task_id}:staff_alert:courier_task_not_cancelled"
        if seen.status in UNTOUCHED:
            yield f"it is cancelled, and its {seen.leg} is {seen.status} at the courier's"
        elif seen.status is CourierTaskStatus.ACTIVE and told not in books.effects:
            yield f"it is cancelled, its {seen.leg} is under way, and nobody was told"


def every_leg_is_ordered(books: BookingBooks) -> Iterator[str]:
    """A booking that is ahead is at the courier's, in its own time.

    Of what a dispatcher deleted there, staff were told; nothing follows what was not driven.
    """
    booking = books.booking
    if booking.status not in UNDER_COURIER:
        return
    for leg in legs_of(booking):
        window = drive_window(booking, leg, books.terms)
        if window.ahead_of(books.now) is None:
            return
        own = [task for task in books.tasks if task.leg is leg]
        stands = next((task for task in own if task.status is not DELETED), None)
        if stands is None or stands.status is FAILED:
            if not any(_is_told(task, books) for task in own):
                yield f"its {leg} was never given to the courier"
            return
        if stands.is_waiting:
            yield f"its {leg} waits, and the courier does not know of it"
            return
        seen = next((one for one in books.provider_tasks if one.id == stands.onfleet_task_id), None)
        is_ahead = window.start_at > books.now + SOON
        if seen and seen.status in UNTOUCHED and is_ahead:
            there = (seen.window_start_at, seen.window_end_at)
            if there != tuple(window):
                yield f"the courier is to drive its {leg} at {there[0]}, not {window.start_at}"


def _is_told(task: CourierTask, books: BookingBooks) -> bool:
    """Tell whether staff heard that it is lost, or failed."""
    told = f"send_message:courier_task:{task.id}:staff_alert"
    reasons = ("courier_task_lost", "courier_task_failed")
    return any(f"{told}:{reason}" in books.effects for reason in reasons)


def proof_is_kept(books: BookingBooks) -> Iterator[str]:
    """Whatever the courier has of a drive's end, we have."""
    if books.is_erased:
        return
    ours = {task.onfleet_task_id for task in books.tasks if task.status is not DELETED}
    kept = {each.sha256 for each in books.documents if each.is_stored}
    for seen in books.provider_tasks:
        for photo_id in seen.photo_ids if seen.id in ours else ():
            if sha256(books.proofs[photo_id].content).hexdigest() not in kept:
                yield f"a photo of its {seen.leg} was not kept"


def is_to_be_looked_at(books: BookingBooks) -> bool:
    """Tell whether the worker has yet to see how a drive stands."""
    there = {task.id: task for task in books.provider_tasks}
    for task in books.tasks:
        seen = there.get(task.onfleet_task_id or "")
        if task.look_again_at is not None and seen is not None:
            if books.booking.status in UNDER_COURIER and task.leg is last_leg(books.booking):
                return True
            if not set(seen.photo_ids) <= set(task.photo_ids):
                return True
        if task.is_final or task.is_waiting:
            continue
        if seen is None or seen.status is not task.status:
            return True
    return False
