"""Bookings that hold a crew on a date, and those in the way of fewer crews there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.slot import Slot
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.long_date import long_date
from totetaxi_core.scheduling.occupancy import half_hour_start
from totetaxi_core.unit_of_work import UnitOfWork

HOLDING = frozenset(BookingStatus) - {BookingStatus.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCrew:
    """A booking and the time its crew sets out on a date.

    `is_next_slot`: it is elsewhere still, and waits for the difference to be paid.
    """

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    pickup_time: time
    slot: Slot
    is_next_slot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewCrews:
    """A date with `taken` crews busy at once, from `busy_at`, that was to have only `crews`."""

    on: date
    crews: int
    taken: int
    busy_at: time
    held: tuple[HeldCrew, ...]

    def __str__(self) -> str:
        numbers = ", ".join(dict.fromkeys(one.booking_number for one in self.held))
        crews = "1 crew is" if self.taken == 1 else f"{self.taken} crews are"
        return (
            f"{crews} taken at {self.busy_at:%H:%M} on {long_date(self.on)},"
            f" more than {self.crews}; in the way: {numbers}"
        )


class CrewsBelowTakenError(DomainError):
    """More crews are taken than there would be; nothing was changed."""

    code = "crews_below_taken"
    field = "crews_by_date"

    def __init__(self, dates: Sequence[TooFewCrews]) -> None:
        super().__init__("; ".join(map(str, dates)))
        self.dates = tuple(dates)


async def held_crews(
    on: date, uow: UnitOfWork, *, statuses: Collection[BookingStatus] = HOLDING
) -> tuple[HeldCrew, ...]:
    """Return whose crews work on a date, by pickup time, bookings on their way to it last."""
    there = [
        HeldCrew(
            booking_id=booking.id,
            booking_number=booking.booking_number,
            status=booking.status,
            pickup_time=booking.quote.request.pickup_time,
            slot=Slot.of(booking),
        )
        for booking in await uow.bookings.of_day(on, statuses=statuses)
    ]
    return (*there, *await _on_their_way(on, uow))


async def _on_their_way(on: date, uow: UnitOfWork) -> tuple[HeldCrew, ...]:
    found = []
    for waiting in await uow.reschedules.held_on(on):
        booking = await uow.bookings.get(waiting.booking_id)
        found.append(
            HeldCrew(
                booking_id=booking.id,
                booking_number=booking.booking_number,
                status=booking.status,
                pickup_time=waiting.quote.request.pickup_time,
                slot=Slot.of(waiting),
                is_next_slot=True,
            )
        )
    return tuple(found)


async def too_few_crews(
    on: date, counts: Mapping[int, CrewCount], uow: UnitOfWork, *, crews: int
) -> TooFewCrews | None:
    """Return what stands against this many crews on a locked date; None if nothing does."""
    over = {at: count.taken for at, count in counts.items() if count.taken > crews}
    if not over:
        return None
    taken = max(over.values())
    busiest = min(at for at, count in over.items() if count == taken)
    held = await held_crews(on, uow)
    return TooFewCrews(
        on=on,
        crews=crews,
        taken=taken,
        busy_at=half_hour_start(busiest),
        held=tuple(one for one in held if not over.keys().isdisjoint(one.slot.half_hours)),
    )
