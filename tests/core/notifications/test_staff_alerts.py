"""What staff read of a booking in trouble."""

from collections.abc import Mapping

import pytest

from tests.builders import NOW, a_booking
from tests.core.bookings.memory_house import STAFF_EMAIL, MemoryHouse
from totetaxi_core.notifications.booking_letter import write_letter
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.staff_alert import DETAIL, REASON, TROUBLES, AlertReason

TERMS = MemoryHouse().terms
CONFIRMED = a_booking().confirm(at=NOW)


def alert(facts: Mapping[str, str]) -> Letter:
    occasion = Occasion(booking=CONFIRMED, now=NOW, facts=facts)
    return write_letter(MessageKind.STAFF_ALERT, occasion, TERMS)


@pytest.mark.parametrize("reason", list(AlertReason))
def test_given_any_trouble_of_a_courier_when_staff_are_alerted_then_it_is_told_without_a_person(
    reason: AlertReason,
) -> None:
    letter = alert({REASON: reason, DETAIL: "pickup"})

    said = letter.subject + letter.text
    assert letter.to == STAFF_EMAIL
    assert letter.subject == f"{CONFIRMED.booking_number}: {TROUBLES[reason]}"
    assert "confirmed, for Tuesday, December 1 at 09:00" in letter.text
    assert "(pickup)" in letter.text
    for personal in ("Ada", "Guest", "740 Park", "Egypt", "5550123", "@"):
        assert personal not in said


def test_given_a_reason_without_words_when_staff_are_alerted_then_its_name_tells_it() -> None:
    letter = alert({REASON: "moon_in_the_way"})

    assert letter.subject == f"{CONFIRMED.booking_number}: moon in the way"
