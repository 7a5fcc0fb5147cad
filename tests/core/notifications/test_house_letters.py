import pytest

from tests.core.bookings.memory_house import STAFF_EMAIL, MemoryHouse
from totetaxi_core.notifications.account_letter import ACCOUNT_LETTERS
from totetaxi_core.notifications.booking_letter import BOOKING_LETTERS
from totetaxi_core.notifications.house_letter import HOUSE_LETTERS, write_house_letter
from totetaxi_core.notifications.message import MessageKind

TERMS = MemoryHouse().terms


def test_given_every_kind_of_message_when_looked_up_then_one_hand_writes_it() -> None:
    hands = (*BOOKING_LETTERS, *HOUSE_LETTERS, *ACCOUNT_LETTERS)

    assert sorted(hands) == sorted(MessageKind)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"since": "2026-11-22T12:14:05+00:00"},
            "last sign of life was at 07:14:05 EST on November 22.",
        ),
        ({}, "No worker has ever shown a sign of life."),
    ],
)
def test_given_a_stopped_worker_when_told_then_staff_read_since_when_in_the_house_s_own_hour(
    facts: dict[str, str], words: str
) -> None:
    letter = write_house_letter(MessageKind.WORKER_STOPPED, facts, TERMS)

    assert letter.to == STAFF_EMAIL
    assert letter.subject == "The worker has stopped"
    assert words in letter.text
    assert "totetaxi doctor" in letter.text
