"""Reminder, driver on the way, delivered: whom they reach, by what, and what they say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, a_contact, a_customer, an_id
from tests.core.bookings.memory_house import PHONE, MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.notifications.booking_letter import write_letters
from totetaxi_core.notifications.day_letter import DAY_LETTERS
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import Channel, MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.token_mark import MANAGE_MARK

TERMS = replace(MemoryHouse().terms, company_name="Tôte Taxi", company_address="1 Main St, Town")
CONFIRMED = a_booking().confirm(at=NOW)
DAY_BEFORE = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
TRACKING = "https://onf.lt/a1b2c3d4e5"
ACTIVE = CourierTask(
    id=an_id(),
    booking_id=CONFIRMED.id,
    leg=Leg.PICKUP,
    status=CourierTaskStatus.ACTIVE,
    window_start_at=PICKUP_AT,
    window_end_at=PICKUP_AT + timedelta(hours=1),
    created_at=NOW,
    updated_at=NOW,
    tracking_url=TRACKING,
    worker_name="Sam Driver",
    estimated_arrival_at=PICKUP_AT + timedelta(minutes=25),
)
DONE = replace(
    ACTIVE,
    leg=Leg.DROPOFF,
    status=CourierTaskStatus.COMPLETED,
    completed_at=PICKUP_AT + timedelta(hours=4),
    photo_ids=("1", "2"),
    signature_id="3",
)


def occasion(
    booking: Booking = CONFIRMED,
    *,
    task: CourierTask | None = None,
    mail: bool = True,
    texts: bool = True,
    now: datetime = DAY_BEFORE,
) -> Occasion:
    """An occasion of an account's booking, whose reminder was owed for the pickup of December 1."""
    account = a_customer(email_notifications=mail, sms_notifications=texts)
    facts = {"pickup_at": PICKUP_AT.isoformat()}
    return Occasion(booking=booking, now=now, facts=facts, task=task, account=account)


def written(kind: MessageKind, about: Occasion) -> dict[Channel, Letter]:
    letters = write_letters(kind, about, TERMS)
    found = {letter.channel: letter for letter in letters}
    assert len(found) == len(letters)
    return found


def test_given_a_pickup_tomorrow_when_reminded_then_the_mail_says_when_where_and_whom_to_call() -> (
    None
):
    mail = written(MessageKind.REMINDER, occasion())[Channel.EMAIL]

    assert mail.subject == (f"{CONFIRMED.booking_number}: we call on Tuesday, December 1 at 09:00")
    assert "740 Park Avenue, Apt 5B, New York, NY 10021" in mail.text
    assert PHONE in mail.text
    assert mail.text.endswith("\n\n-- \nTôte Taxi\n1 Main St, Town")


@pytest.mark.parametrize("kind", list(DAY_LETTERS))
def test_given_texts_are_wanted_when_written_then_they_are_short_plain_and_tell_no_address(
    kind: MessageKind,
) -> None:
    task = DONE if kind is MessageKind.DELIVERED else ACTIVE

    text = written(kind, occasion(task=task))[Channel.SMS]

    assert text.to == "+12125550123"
    assert text.text.isascii()
    assert text.text.startswith("Tote Taxi: ")
    assert text.text.endswith("STOP to get no more.")
    assert len(text.text.replace(MANAGE_MARK, "m" * 70)) <= 2 * 153
    assert CONFIRMED.booking_number in text.text
    for personal in ("740", "Park", "10021", "Egypt", "Ada", "Guest"):
        assert personal not in text.text


@pytest.mark.parametrize("kind", list(DAY_LETTERS))
@pytest.mark.parametrize(
    ("mail", "texts", "channels"),
    [
        (True, False, {Channel.EMAIL}),
        (True, True, {Channel.EMAIL, Channel.SMS}),
        (False, True, {Channel.SMS}),
        (False, False, set()),
    ],
)
def test_given_choices_of_an_account_when_the_day_comes_then_each_is_honoured(
    kind: MessageKind, channels: set[Channel], *, mail: bool, texts: bool
) -> None:
    task = DONE if kind is MessageKind.DELIVERED else ACTIVE

    letters = written(kind, occasion(task=task, mail=mail, texts=texts))

    assert set(letters) == channels


def test_given_all_turned_off_when_money_or_terms_change_then_the_mail_goes() -> None:
    about = occasion(mail=False, texts=True)
    kinds = (MessageKind.BOOKING_CONFIRMED, MessageKind.RECEIPT, MessageKind.REFUND_SENT)

    reached = [set(written(kind, about)) for kind in kinds]

    assert reached == [{Channel.EMAIL}] * 3


def test_given_a_guest_when_reminded_then_they_get_a_mail_alone() -> None:
    guest = replace(occasion(), account=None)

    letters = written(MessageKind.REMINDER, guest)

    assert set(letters) == {Channel.EMAIL}


@pytest.mark.parametrize(
    "booking",
    [
        replace(CONFIRMED, pickup_at=PICKUP_AT + timedelta(days=1)),
        CONFIRMED.cancel(reason=CancellationReason.CUSTOMER, at=NOW),
        CONFIRMED.start(at=NOW),
        CONFIRMED.complete(at=NOW),
    ],
)
def test_given_a_booking_that_moved_or_ended_when_reminded_then_nobody_is(
    booking: Booking,
) -> None:
    letters = write_letters(MessageKind.REMINDER, occasion(booking), TERMS)

    assert letters == ()


@pytest.mark.parametrize(
    ("now", "channels"),
    [
        (PICKUP_AT, set()),
        (PICKUP_AT - timedelta(seconds=1), {Channel.EMAIL, Channel.SMS}),
        (datetime(2026, 12, 1, 7, 0, tzinfo=UTC), {Channel.EMAIL}),
        (datetime(2026, 12, 1, 2, 0, tzinfo=UTC), {Channel.EMAIL}),
        (datetime(2026, 12, 1, 1, 59, tzinfo=UTC), {Channel.EMAIL, Channel.SMS}),
    ],
)
def test_given_a_late_reminder_when_written_then_it_wakes_nobody_and_never_comes_after_us(
    now: datetime, channels: set[Channel]
) -> None:
    letters = written(MessageKind.REMINDER, occasion(now=now))

    assert set(letters) == channels


def test_given_a_driver_who_set_out_when_told_then_they_can_be_followed() -> None:
    letters = written(MessageKind.DRIVER_ON_THE_WAY, occasion(task=ACTIVE))

    mail, text = letters[Channel.EMAIL], letters[Channel.SMS]
    assert TRACKING in mail.text.splitlines()
    assert "Sam, your driver, is on the way to pick up" in mail.text
    assert "at about 09:25." in mail.text
    assert "Driver" not in mail.text
    assert TRACKING in text.text.split()


def test_given_a_driver_we_know_nothing_of_when_told_then_nothing_is_made_up() -> None:
    bare = replace(ACTIVE, tracking_url="", worker_name="", estimated_arrival_at=None)

    mail = written(MessageKind.DRIVER_ON_THE_WAY, occasion(task=bare))[Channel.EMAIL]

    assert "Your driver is on the way to pick up for booking" in mail.text
    assert "follow" not in mail.text
    assert "expect" not in mail.text


def test_given_a_drive_that_has_ended_when_its_start_is_told_then_nobody_hears() -> None:
    letters = write_letters(MessageKind.DRIVER_ON_THE_WAY, occasion(task=DONE), TERMS)

    assert letters == ()


def test_given_a_delivery_when_told_then_the_proof_is_named_and_a_link_leads_to_it() -> None:
    letters = written(MessageKind.DELIVERED, occasion(task=DONE))

    mail, text = letters[Channel.EMAIL], letters[Channel.SMS]
    link = f"https://totetaxi.example/manage?manage_token={MANAGE_MARK}"
    assert "Everything is delivered, December 1 at 13:00." in mail.text
    assert "We kept 2 photos and a signature as proof." in mail.text
    assert link in mail.text.splitlines()
    assert link in text.text.split()


def test_given_a_visit_without_a_drop_off_or_proof_when_done_then_no_delivery_is_told() -> None:
    visit = replace(CONFIRMED, delivery_address=None)
    task = replace(DONE, leg=Leg.PICKUP, photo_ids=(), signature_id=None)

    letters = written(MessageKind.DELIVERED, occasion(visit, task=task))

    said = letters[Channel.EMAIL].text + letters[Channel.SMS].text
    assert "We are done, December 1 at 13:00." in said
    assert "deliver" not in said
    assert "proof" not in letters[Channel.EMAIL].text


def test_given_whoever_deleted_their_account_when_the_day_comes_then_nobody_is_written_to() -> None:
    nobody = replace(a_contact(), email="", first_name="", last_name="", phone="")
    gone = replace(occasion(replace(CONFIRMED, contact=nobody)), account=a_customer(phone=""))

    letters = write_letters(MessageKind.REMINDER, gone, TERMS)

    assert letters == ()
