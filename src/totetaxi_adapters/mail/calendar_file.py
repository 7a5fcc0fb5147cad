"""A calendar entry as a file (iCalendar, RFC 5545 and 5546)."""

from datetime import UTC, timedelta, tzinfo
from typing import Final

from icalendar import Calendar, Event, vCalAddress, vText

from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod

PRODUCT: Final = "-//ToteTaxi//Bookings//EN"
AROUND: Final = timedelta(days=400)  # so that both clock changes of a year are told


def calendar_file(entry: CalendarEntry, zone: tzinfo) -> bytes:
    """Return the file, its times by the clock of `zone`, which it describes for Outlook's sake."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method.value)
    calendar.add_component(_event(entry, zone))
    first, last = (entry.starts_at + pause for pause in (-AROUND, AROUND))
    calendar.add_missing_timezones(first_date=first.date(), last_date=last.date())
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, zone: tzinfo) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("description", entry.description)
    is_cancelled = entry.method is CalendarMethod.CANCEL
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if entry.organizer_email:
        event.add("organizer", _organizer(entry), encode=False)
    return event


def _organizer(entry: CalendarEntry) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{entry.organizer_email}")
    organizer.params["cn"] = vText(entry.organizer_name)
    return organizer
