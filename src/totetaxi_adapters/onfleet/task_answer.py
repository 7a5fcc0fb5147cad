"""Onfleet's tasks as ours. Only the id, a known state and a time of change must be there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from totetaxi_adapters.onfleet.answer_fields import (
    Json,
    coordinates,
    flag,
    instant,
    part,
    parts,
    text,
    texts,
)
from totetaxi_adapters.onfleet.task_request import ADDRESS_MARK, BOOKING_ID, LEG, TASK_ID
from totetaxi_adapters.onfleet.task_state import status_of
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError, ProviderTask
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg

NOT_FAILED: Final = "NONE"
OUT_OF_AREA: Final = "OUT_OF_AREA"
# New York and all of Long Island, with room around: no address of ours is beyond.
WEST, EAST = -74.6, -71.7
SOUTH, NORTH = 40.3, 41.5

_LOG = structlog.get_logger(__name__)


def provider_task(answer: object) -> ProviderTask:
    """Return the task of an answer.

    Raises:
        CourierUnavailableError: it is no task, or in a state nobody knows.
    """
    told: Json = answer if isinstance(answer, dict) else {}
    details = part(told, "completionDetails")
    status = status_of(told.get("state"), success=flag(details, "success"))
    created_at = instant(told, "timeCreated")
    changed_at = instant(told, "timeLastModified") or instant(details, "time") or created_at
    if not text(told, "id") or status is None or changed_at is None:
        state = told.get("state")
        raise CourierUnavailableError(f"an answer that is no task we know, state {state!r}")
    return _task(told, status=status, created_at=created_at or changed_at, changed_at=changed_at)


def provider_tasks(answers: Iterable[Json]) -> tuple[ProviderTask, ...]:
    """Return those that can be read, each once; the others are logged."""
    tasks: dict[str, ProviderTask] = {}
    for answer in answers:
        try:
            task = provider_task(answer)
        except CourierUnavailableError as error:
            _LOG.warning("onfleet_task_unreadable", task=text(answer, "id"), said=str(error))
        else:
            tasks[task.id] = task
    return tuple(tasks.values())


def address_mark(answer: Json) -> str:
    """Return the mark of the address that we last gave the task."""
    return _marks(answer).get(ADDRESS_MARK, "")


def _task(
    told: Json, *, status: CourierTaskStatus, created_at: datetime, changed_at: datetime
) -> ProviderTask:
    details, marks = part(told, "completionDetails"), _marks(told)
    return ProviderTask(
        id=text(told, "id"),
        short_id=text(told, "shortId"),
        status=status,
        task_id=_uuid(marks.get(TASK_ID, "")),
        booking_id=_uuid(marks.get(BOOKING_ID, "")),
        leg=_leg(marks.get(LEG, "")),
        changed_at=changed_at,
        created_at=created_at,
        tracking_url=text(told, "trackingURL"),
        worker_id=text(told, "worker") or None,
        window_start_at=instant(told, "completeAfter"),
        window_end_at=instant(told, "completeBefore"),
        estimated_arrival_at=instant(told, "eta") or instant(told, "estimatedArrivalTime"),
        started_at=_started_at(details),
        completed_at=instant(details, "time"),
        failure_reason=_failure_reason(details, status),
        driver_notes=_driver_notes(details),
        photo_ids=_photo_ids(details),
        signature_id=text(details, "signatureUploadId") or None,
        address_warnings=_warnings(part(told, "destination")),
    )


def _marks(told: Json) -> dict[str, str]:
    return {text(one, "name"): text(one, "value") for one in parts(told.get("metadata"))}


def _started_at(details: Json) -> datetime | None:
    times = (
        instant(event, "time")
        for event in parts(details.get("events"))
        if text(event, "name") == "start"
    )
    return next((at for at in times if at is not None), None)


def _failure_reason(details: Json, status: CourierTaskStatus) -> str:
    """Return reason and notes of a failure; the reasons are the organization's own."""
    if status is not CourierTaskStatus.FAILED:
        return ""
    reason = text(details, "failureReason")
    said = ("" if reason == NOT_FAILED else reason, text(details, "failureNotes"))
    return ": ".join(one for one in said if one)


def _driver_notes(details: Json) -> str:
    return text(details, "notes") or text(details, "successNotes")


def _photo_ids(details: Json) -> tuple[str, ...]:
    """Return every photo once; the first is often given a second time by itself."""
    first = text(details, "photoUploadId")
    listed = texts(details, "photoUploadIds")
    return tuple(dict.fromkeys((*((first,) if first else ()), *listed)))


def _warnings(destination: Json) -> tuple[str, ...]:
    given, place = texts(destination, "warnings"), coordinates(destination, "location")
    if place is None:
        return given
    longitude, latitude = place
    is_near = WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH
    return given if is_near else (*given, OUT_OF_AREA)


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _leg(written: str) -> Leg | None:
    return Leg(written) if written in set(Leg) else None
