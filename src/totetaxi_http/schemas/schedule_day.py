"""The dates of the schedule with the crews that are taken, and what a change of it means."""

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar, Self, TypeAlias
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.scheduling.edit_schedule import ClosedDate, EditedSchedule, KeptCrews
from totetaxi_core.scheduling.in_the_way import HeldCrew, TooFewCrews
from totetaxi_core.scheduling.look_at_schedule import ScheduleDay
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal
from totetaxi_http.schemas.schedule import ScheduleResponse

Day: TypeAlias = date


@attrs.frozen(kw_only=True)
class HeldCrewResponse:
    """A booking whose crew works on the date.

    `is_next_slot`: it is elsewhere still, and waits for the difference in its price.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "date": "2026-11-27",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K2M9XQ4",
        "status": "confirmed",
        "pickup_time": "09:30",
        "is_next_slot": False,
    }

    date: Day
    booking_id: UUID
    booking_number: str
    status: BookingStatus
    pickup_time: time
    is_next_slot: bool

    @classmethod
    def from_held(cls, on: Day, held: HeldCrew) -> Self:
        return cls(
            date=on,
            booking_id=held.booking_id,
            booking_number=held.booking_number,
            status=held.status,
            pickup_time=held.pickup_time,
            is_next_slot=held.is_next_slot,
        )


@attrs.frozen(kw_only=True)
class ScheduleDayResponse:
    """A date: `closed_by` says why it is closed to customers, notice and horizon left aside.

    `taken` of its `crews` are busy in its busiest half hour, which begins at `busy_at`. `bookings`
    are those that stand though it is closed.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "date": "2026-11-27",
        "open": False,
        "closed_by": ["closed"],
        "closing_reason": "Thanksgiving week",
        "holiday": None,
        "crews": 3,
        "taken": 1,
        "busy_at": "09:30",
        "bookings": [HeldCrewResponse.EXAMPLE],
    }

    date: Day
    open: bool
    closed_by: tuple[ScheduleRefusal, ...]
    closing_reason: str | None
    holiday: str | None
    crews: int
    taken: int
    busy_at: time | None
    bookings: tuple[HeldCrewResponse, ...]

    @classmethod
    def from_day(cls, day: ScheduleDay) -> Self:
        return cls(
            date=day.on,
            open=day.is_open,
            closed_by=day.closed_by,
            closing_reason=day.closing_reason,
            holiday=day.holiday,
            crews=day.crews,
            taken=day.taken,
            busy_at=day.busy_at,
            bookings=_on_date(day),
        )


def _on_date(day: ScheduleDay | ClosedDate | TooFewCrews) -> tuple[HeldCrewResponse, ...]:
    return tuple(HeldCrewResponse.from_held(day.on, one) for one in day.held)


@attrs.frozen(kw_only=True)
class KeptCrewsResponse:
    """A date that keeps its crews: `usual` is what the schedule has for dates like it now."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"date": "2026-12-01", "crews": 3, "usual": 4}

    date: Day
    crews: int
    usual: int

    @classmethod
    def from_kept(cls, kept: KeptCrews) -> Self:
        return cls(date=kept.on, crews=kept.crews, usual=kept.usual)


@attrs.frozen(kw_only=True)
class EditedScheduleResponse:
    """The schedule as it is now, and what whoever changed it has to know.

    `bookings_on_closed_dates` stand: call those customers, or move them. `kept_crews` are dates
    with bookings, which keep the number they had.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "schedule": ScheduleResponse.EXAMPLE,
        "bookings_on_closed_dates": [HeldCrewResponse.EXAMPLE],
        "kept_crews": [KeptCrewsResponse.EXAMPLE],
    }

    schedule: ScheduleResponse
    bookings_on_closed_dates: tuple[HeldCrewResponse, ...]
    kept_crews: tuple[KeptCrewsResponse, ...]

    @classmethod
    def from_edited(cls, edited: EditedSchedule) -> Self:
        return cls(
            schedule=ScheduleResponse.from_stored(edited.stored),
            bookings_on_closed_dates=tuple(
                held for closed in edited.closed for held in _on_date(closed)
            ),
            kept_crews=tuple(map(KeptCrewsResponse.from_kept, edited.kept)),
        )


def in_the_way(dates: tuple[TooFewCrews, ...]) -> tuple[HeldCrewResponse, ...]:
    """Return the bookings in the way of fewer crews."""
    return tuple(held for too_few in dates for held in _on_date(too_few))
