"""Our orders as Onfleet's tasks."""

from datetime import datetime
from typing import Final

import phonenumbers

from totetaxi_adapters.onfleet.answer_fields import milliseconds
from totetaxi_adapters.onfleet.destination import LONGEST_NOTES, destination_of, mark_of
from totetaxi_core.logistics.courier_gateway import TaskOrder
from totetaxi_core.logistics.courier_task import Leg

TASK_ID: Final = "task_id"
BOOKING_ID: Final = "booking_id"
BOOKING_NUMBER: Final = "booking_number"
LEG: Final = "leg"
ADDRESS_MARK: Final = "address_mark"
_SHOWN = (BOOKING_NUMBER, LEG)


def new_task(order: TaskOrder, *, team_id: str | None, now: datetime) -> dict[str, object]:
    """Return the body of a create."""
    body: dict[str, object] = {
        "destination": destination_of(order.address),
        "recipients": _recipients(order),
        "pickupTask": order.leg is Leg.PICKUP,
        "requirements": {"photo": True, "signature": order.leg is Leg.DROPOFF},
        "metadata": metadata_of(order),
        **_named(order),
        **_driving(order, now=now),
    }
    if order.after_onfleet_task_id is not None:
        body["dependencies"] = [order.after_onfleet_task_id]
    if team_id is not None:
        body["container"] = {"type": "TEAM", "team": team_id}
    return body


def changed_task(
    order: TaskOrder, *, destination_id: str | None, now: datetime
) -> dict[str, object]:
    """Return the body of an update; recipients stay those of the create."""
    body: dict[str, object] = {"metadata": {"$set": metadata_of(order)}, **_driving(order, now=now)}
    if order.after_onfleet_task_id is not None:
        body["dependencies"] = [order.after_onfleet_task_id]
    if destination_id is not None:
        body["destination"] = destination_id
    return body


def metadata_of(order: TaskOrder) -> list[dict[str, object]]:
    """Return our marks; the ids are for programs, number and leg also for the dispatcher."""
    marks = {
        TASK_ID: str(order.task_id),
        BOOKING_ID: str(order.booking_id),
        BOOKING_NUMBER: order.booking_number,
        LEG: order.leg.value,
        ADDRESS_MARK: mark_of(order.address),
    }
    return [
        {
            "name": name,
            "type": "string",
            "value": value,
            "visibility": ["api", "dashboard"] if name in _SHOWN else ["api"],
        }
        for name, value in marks.items()
    ]


def notes_of(order: TaskOrder) -> str:
    """Return the notes; who cannot be named as recipient is named here."""
    notes = order.notes
    if order.phone is not None and not _is_callable(order.phone):
        notes = f"{notes}\nContact: {order.full_name}, {order.phone}"
    return notes[:LONGEST_NOTES]


def _driving(order: TaskOrder, *, now: datetime) -> dict[str, object]:
    body: dict[str, object] = {
        "notes": notes_of(order),
        "quantity": order.quantity,
        "serviceTime": order.service_minutes,
    }
    if order.window_end_at > now:  # a window that is over would be refused
        body["completeAfter"] = milliseconds(order.window_start_at)
        body["completeBefore"] = milliseconds(order.window_end_at)
    return body


def _recipients(order: TaskOrder) -> list[dict[str, object]]:
    if order.phone is None or not _is_callable(order.phone):
        return []
    return [{"name": order.full_name, "phone": order.phone, "skipSMSNotifications": True}]


def _named(order: TaskOrder) -> dict[str, object]:
    """Name the customer on the task itself.

    A recipient is one a telephone number: who shares it would be renamed by the next order. Our
    own messages go by what each customer chose, so Onfleet sends none.
    """
    if not _recipients(order):
        return {}
    return {"recipientName": order.full_name, "recipientSkipSMSNotifications": True}


def _is_callable(phone: str) -> bool:
    """Tell whether a number is in E.164 and may exist."""
    try:
        parsed = phonenumbers.parse(phone, None)  # without a region only +… is read
    except phonenumbers.NumberParseException:
        return False
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.is_valid_number(parsed) and written == phone
