"""A calendar entry as the database keeps it: JSON, instants in UTC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod


def document_of_entry(entry: CalendarEntry | None) -> dict[str, object] | None:
    if entry is None:
        return None
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "method": entry.method,
        "starts_at": entry.starts_at.isoformat(),
        "ends_at": entry.ends_at.isoformat(),
        "summary": entry.summary,
        "location": entry.location,
        "description": entry.description,
        "stamped_at": entry.stamped_at.isoformat(),
        "organizer_name": entry.organizer_name,
        "organizer_email": entry.organizer_email,
    }


def entry_from_document(document: Mapping[str, Any] | None) -> CalendarEntry | None:
    if document is None:
        return None
    return CalendarEntry(
        uid=document["uid"],
        sequence=document["sequence"],
        method=CalendarMethod(document["method"]),
        starts_at=datetime.fromisoformat(document["starts_at"]),
        ends_at=datetime.fromisoformat(document["ends_at"]),
        summary=document["summary"],
        location=document["location"],
        description=document["description"],
        stamped_at=datetime.fromisoformat(document["stamped_at"]),
        organizer_name=document["organizer_name"],
        organizer_email=document["organizer_email"],
    )
