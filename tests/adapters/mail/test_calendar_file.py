"""A calendar entry as a file, read back as a calendar program would."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from totetaxi_adapters.mail.calendar_file import calendar_file
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod

NEW_YORK = ZoneInfo("America/New_York")
STAMPED_AT = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)


def an_entry(
    *,
    starts_at: datetime = datetime(2026, 12, 1, 14, 0, tzinfo=UTC),
    method: CalendarMethod = CalendarMethod.PUBLISH,
    sequence: int = 2,
) -> CalendarEntry:
    return CalendarEntry(
        uid="5b0f7a52@totetaxi",
        sequence=sequence,
        method=method,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        summary="ToteTaxi: mini move; with care, please",
        location="740 Park Avenue, Apt 5B, New York, NY 10021",
        description="Booking TT-1.\nX-EVIL:1",
        stamped_at=STAMPED_AT,
        organizer_name="ToteTaxi, Inc.",
        organizer_email="operations@totetaxi.example",
    )


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    [event] = calendar.events
    return calendar, event


@pytest.mark.parametrize(
    ("starts_at", "wall_clock", "offset_h"),
    [
        (datetime(2026, 12, 1, 14, 0, tzinfo=UTC), "20261201T090000", -5),
        (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "20260701T090000", -4),
        (datetime(2026, 11, 1, 14, 0, tzinfo=UTC), "20261101T090000", -5),
        (datetime(2026, 10, 31, 13, 0, tzinfo=UTC), "20261031T090000", -4),
        (datetime(2026, 3, 8, 13, 0, tzinfo=UTC), "20260308T090000", -4),
        (datetime(2026, 3, 7, 14, 0, tzinfo=UTC), "20260307T090000", -5),
    ],
)
def test_given_a_pickup_beside_a_clock_change_when_read_back_then_it_is_the_same_instant(
    starts_at: datetime, wall_clock: str, offset_h: int
) -> None:
    content = calendar_file(an_entry(starts_at=starts_at), NEW_YORK)

    calendar, event = read(content)
    assert f"DTSTART;TZID=America/New_York:{wall_clock}\r\n".encode() in content
    assert event.start == starts_at
    assert event.end == starts_at + timedelta(hours=2)
    # By the file's own words on the zone, as who does not know New York reads it.
    [described] = calendar.timezones
    told = described.to_tz(lookup_tzid=False)
    local = starts_at.astimezone(NEW_YORK).replace(tzinfo=told)
    assert local.utcoffset() == timedelta(hours=offset_h)


def test_given_an_entry_when_read_back_then_its_words_are_whole_and_nothing_is_slipped_in() -> None:
    entry = an_entry()

    calendar, event = read(calendar_file(entry, NEW_YORK))

    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert (event["uid"], event["sequence"], event["status"]) == (entry.uid, 2, "CONFIRMED")
    assert event["summary"] == entry.summary
    assert event["location"] == entry.location
    assert event["description"] == entry.description
    assert event.DTSTAMP == STAMPED_AT
    assert event["organizer"] == "mailto:operations@totetaxi.example"
    assert "X-EVIL" not in event


def test_given_a_cancelled_booking_when_read_back_then_the_file_takes_its_entry_away() -> None:
    entry = an_entry(method=CalendarMethod.CANCEL, sequence=3)

    calendar, event = read(calendar_file(entry, NEW_YORK))

    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert event["uid"] == an_entry().uid


def test_given_the_same_entry_when_made_twice_then_the_files_are_alike_and_small() -> None:
    first, second = (calendar_file(an_entry(), NEW_YORK) for _ in range(2))

    assert first == second
    assert len(first) < 2_000
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))
