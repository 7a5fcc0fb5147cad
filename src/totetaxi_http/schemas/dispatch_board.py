"""The board of a day, on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.dispatch_dashboard import Board
from totetaxi_core.logistics.dispatch_desk import BoardEntry
from totetaxi_core.logistics.task_warning import TaskWarning, warnings_of
from totetaxi_http.schemas.listed_task import BOOKING_ID, TASK_ID, ProofResponse


@attrs.frozen(kw_only=True)
class BoardLegResponse:
    """One leg. Without a task, `task_id` is null and it is not known to the courier.

    `status` is then `waiting`, and null where nobody is to drive it any more. `details` are the
    courier's or the driver's words on what went wrong.
    """

    leg: Leg
    status: CourierTaskStatus | None
    task_id: UUID | None
    window_start_at: datetime | None
    window_end_at: datetime | None
    worker_name: str
    estimated_arrival_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    tracking_url: str
    warnings: tuple[TaskWarning, ...]
    details: tuple[str, ...]

    @classmethod
    def of(cls, leg: Leg, task: CourierTask | None, *, entry: BoardEntry, at: datetime) -> Self:
        if task is None:
            return cls(**{**WITHOUT_TASK, **_untold(entry)}, leg=leg)
        own = (*task.address_warnings, task.refusal, task.failure_reason, task.driver_notes)
        return cls(
            leg=leg,
            status=task.status,
            task_id=task.id,
            window_start_at=task.window_start_at,
            window_end_at=task.window_end_at,
            worker_name=task.worker_name,
            estimated_arrival_at=task.estimated_arrival_at,
            started_at=task.started_at,
            completed_at=task.completed_at,
            tracking_url=task.tracking_url,
            warnings=warnings_of(task, at=at),
            details=tuple(told for told in own if told),
        )


WITHOUT_TASK: Mapping[str, Any] = {
    **{field.name: None for field in attrs.fields(BoardLegResponse) if field.name != "leg"},
    "worker_name": "",
    "tracking_url": "",
    "warnings": (),
    "details": (),
}


def _untold(entry: BoardEntry) -> Mapping[str, Any]:
    if not entry.is_to_be_driven:
        return {}
    return {
        "status": CourierTaskStatus.WAITING,
        "warnings": (TaskWarning.NOT_AT_COURIER,),
    }


@attrs.frozen(kw_only=True)
class BoardEntryResponse:
    """A booking of the day; `delivery_city` is null where it has no drop-off.

    Name and telephone number are empty once the customer is forgotten.
    """

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_at: datetime
    full_name: str
    phone: str
    pickup_city: str
    delivery_city: str | None
    legs: tuple[BoardLegResponse, ...]
    proof: tuple[ProofResponse, ...]

    @classmethod
    def from_entry(cls, entry: BoardEntry, *, at: datetime, public_url: str) -> Self:
        return cls(
            booking_id=entry.booking_id,
            booking_number=entry.booking_number,
            status=entry.status,
            service_type=entry.service_type,
            pickup_at=entry.pickup_at,
            full_name=entry.full_name,
            phone=entry.phone,
            pickup_city=entry.pickup_city,
            delivery_city=entry.delivery_city,
            legs=tuple(
                BoardLegResponse.of(leg, task, entry=entry, at=at) for leg, task in entry.legs
            ),
            proof=tuple(
                ProofResponse.for_staff(*one, booking_id=entry.booking_id, public_url=public_url)
                for one in entry.proof
            ),
        )


@attrs.frozen(kw_only=True)
class BoardResponse:
    """A day's bookings by pickup time: those that stand, and others that are still driven."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "date": "2026-12-01",
        "seen_at": "2026-12-01T14:40:00Z",
        "bookings": [
            {
                "booking_id": BOOKING_ID,
                "booking_number": "TT-7K3M9QXA",
                "status": "in_progress",
                "service_type": "mini_move",
                "pickup_at": "2026-12-01T14:30:00Z",
                "full_name": "Ada Lovelace",
                "phone": "+12127365000",
                "pickup_city": "New York",
                "delivery_city": "East Hampton",
                "legs": [
                    {
                        "leg": "pickup",
                        "status": "active",
                        "task_id": TASK_ID["task_id"],
                        "window_start_at": "2026-12-01T14:30:00Z",
                        "window_end_at": "2026-12-01T15:30:00Z",
                        "worker_name": "Lou Reed",
                        "estimated_arrival_at": "2026-12-01T15:40:00Z",
                        "started_at": "2026-12-01T14:20:00Z",
                        "completed_at": None,
                        "tracking_url": "https://onf.lt/7be01c4d9a",
                        "warnings": ["late"],
                        "details": [],
                    },
                    {**WITHOUT_TASK, "leg": "dropoff", "status": "waiting"}
                    | {"warnings": ["not_at_courier"], "details": []},
                ],
                "proof": [],
            }
        ],
    }

    date: date
    seen_at: datetime
    bookings: tuple[BoardEntryResponse, ...]

    @classmethod
    def from_board(cls, board: Board, *, public_url: str) -> Self:
        return cls(
            date=board.board_on,
            seen_at=board.seen_at,
            bookings=tuple(
                BoardEntryResponse.from_entry(one, at=board.seen_at, public_url=public_url)
                for one in board.entries
            ),
        )
