"""Which mornings have a crew?"""

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar, Self
from uuid import UUID

import attrs
from litestar import get

from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing.duration import ServiceChoice, hours_of
from totetaxi_core.scheduling.availability import DayAvailability
from totetaxi_core.scheduling.list_availability import list_availability
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class AvailabilityQuery:
    """Both dates included, at most 62 days. What is not chosen yet is taken at its longest."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "start_date": "2026-12-01",
        "end_date": "2026-12-05",
        "service_type": "mini_move",
        "mini_move_package_id": "b45a5a21-11e4-5f50-b1fc-cdeb07853098",
    }

    start_date: date
    end_date: date
    service_type: ServiceType | None = None
    mini_move_package_id: UUID | None = None
    organizing_service_id: UUID | None = None
    organizing_service_ids: tuple[UUID, ...] = ()
    blade_service_id: UUID | None = None

    def choice(self) -> ServiceChoice:
        single = self.organizing_service_id
        return ServiceChoice(
            service_type=self.service_type,
            mini_move_package_id=self.mini_move_package_id,
            organizing_service_ids=(
                (single,) if single is not None else self.organizing_service_ids
            ),
            blade_service_id=self.blade_service_id,
        )


@attrs.frozen(kw_only=True)
class SlotResponse:
    """A start, and how many crews are left for the service's whole duration."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"time": "09:30", "crews_left": 2}

    time: time
    crews_left: int


@attrs.frozen(kw_only=True)
class DayResponse:
    """A date; `reason` tells why it is closed, and then there are no slots."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "date": "2026-12-01",
        "open": True,
        "reason": None,
        "slots": [SlotResponse.EXAMPLE],
    }

    date: date
    open: bool
    reason: ScheduleRefusal | None
    slots: tuple[SlotResponse, ...]

    @classmethod
    def from_day(cls, day: DayAvailability) -> Self:
        return cls(
            date=day.date,
            open=day.open,
            reason=day.reason,
            slots=tuple(
                [SlotResponse(time=slot.time, crews_left=slot.crews_left) for slot in day.slots]
            ),
        )


@attrs.frozen(kw_only=True)
class AvailabilityResponse:
    """Every date that was asked for, in order."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "days": [
            DayResponse.EXAMPLE,
            {"date": "2026-12-05", "open": False, "reason": "weekend", "slots": []},
        ]
    }

    days: tuple[DayResponse, ...]


@get(
    "/calendar/availability",
    dependencies={"asked": query_of(AvailabilityQuery)},
    responses=problems(codes=("invalid", "database_unavailable")),
)
async def availability(
    asked: FromQueryClass[AvailabilityQuery], state: ServiceState
) -> AvailabilityResponse:
    """List dates with their free starts, by the half hour from 07:00 to 12:00 New York time."""
    ports, terms = state.ports, state.terms
    days = await list_availability(
        ports.unit_of_work(),
        start=asked.start_date,
        end=asked.end_date,
        estimated_hours=hours_of(asked.choice(), state.book),
        schedule=terms.schedule,
        now=ports.clock(),
        zone=terms.zone,
        holidays=ports.holidays,
    )
    return AvailabilityResponse(days=tuple([DayResponse.from_day(day) for day in days]))
