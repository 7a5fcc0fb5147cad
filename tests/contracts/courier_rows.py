"""Courier tasks as they are stored."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW, PICKUP_AT, an_id
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_task(booking_id: UUID, leg: Leg = Leg.PICKUP, *, minute: int = 0) -> CourierTask:
    return CourierTask(
        id=an_id(),
        booking_id=booking_id,
        leg=leg,
        status=CourierTaskStatus.WAITING,
        window_start_at=PICKUP_AT + minute * MINUTE,
        window_end_at=PICKUP_AT + HOUR + minute * MINUTE,
        created_at=NOW + minute * MINUTE,
        updated_at=NOW,
    )


def a_seen_task(booking_id: UUID, *, minute: int = 0, leg: Leg = Leg.PICKUP) -> CourierTask:
    """Return a task whose every field is set, seen that minute."""
    seen_at = NOW + minute * MINUTE
    return replace(
        a_task(booking_id, leg, minute=minute),
        status=CourierTaskStatus.ACTIVE,
        onfleet_task_id=f"Jm4tq*Z0w{an_id().hex}",
        onfleet_short_id="7be01c4d",
        tracking_url="https://onf.lt/7be01c4d9a",
        worker_id="c3Yt~Q9z",
        worker_name="Lou Reed",
        estimated_arrival_at=seen_at + HOUR,
        started_at=seen_at,
        completed_at=seen_at,
        failure_reason="NONE",
        driver_notes="Left with the doorman",
        photo_ids=("p-1", "p-2"),
        signature_id="s-1",
        address_warnings=("GEOMETRIC_CENTER",),
        changed_at=seen_at,
        last_synced_at=seen_at,
        claimed_until=seen_at,
        asked_at=seen_at,
        refusal="no such street",
        look_again_at=seen_at,
    )
