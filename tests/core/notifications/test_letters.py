from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from tests.builders import (
    NOW,
    a_booking,
    a_contact,
    a_payment,
    a_quote,
    a_quote_request,
    a_refund,
    a_rich_quote,
)
from tests.core.bookings.memory_house import PHONE, STAFF_EMAIL, MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.notifications.booking_letter import BOOKING_LETTERS, write_letter
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.reschedule_letter import RESCHEDULE_LETTERS
from totetaxi_core.notifications.token_mark import MANAGE_MARK
from totetaxi_core.payments.refund import Refund, RefundStatus

TERMS = MemoryHouse().terms
PENDING = a_booking()
CONFIRMED = PENDING.confirm(at=NOW)
CANCELLED = PENDING.cancel(reason=CancellationReason.CUSTOMER, at=NOW)
LINK = f"https://totetaxi.example/manage?manage_token={MANAGE_MARK}"
PAY_LINK = LINK.replace("/manage?", "/api/public/pay?")
REFUND = a_refund(a_payment(PENDING), amount_cents=12_305)
FACTS = {
    "paid_cents": "0",
    "refund_cents": "0",
    "difference_cents": "4000",
    "new_time": "Friday",
    "until": "10:30",
}
WITH_LINK = {
    MessageKind.BOOKING_RECEIVED,
    MessageKind.PAYMENT_LINK,
    MessageKind.BOOKING_CONFIRMED,
    MessageKind.BOOKING_RESCHEDULED,
    MessageKind.RESCHEDULE_PAYMENT_LINK,
    MessageKind.REMINDER,
    MessageKind.DELIVERED,
}


def written(kind: MessageKind, booking: Booking, *, refund: Refund | None = None) -> Letter:
    return write_letter(kind, Occasion(booking=booking, now=NOW, facts=FACTS, refund=refund), TERMS)


def test_given_a_pending_booking_when_received_then_the_letter_says_how_and_until_when_to_pay() -> (
    None
):
    letter = written(MessageKind.BOOKING_RECEIVED, PENDING)

    assert letter.to == "Ada.Guest@Example.com"
    assert PENDING.booking_number in letter.subject
    assert letter.text.startswith("Dear Ada,\n\n")
    assert letter.text.endswith("\n\n-- \nToteTaxi")
    assert "Tuesday, December 1 at 09:00, until 10:30 on November 23." in letter.text
    assert "Petite" in letter.text
    assert "  Total: $995.00" in letter.text
    assert LINK in letter.text.splitlines()


def test_given_a_hold_that_ends_after_midnight_in_utc_when_received_then_the_day_is_ours() -> None:
    late = replace(PENDING, hold_expires_at=datetime(2026, 12, 1, 2, 30, tzinfo=UTC))

    letter = written(MessageKind.BOOKING_RECEIVED, late)

    assert ", until 21:30 on November 30." in letter.text


@pytest.mark.parametrize(
    ("booking", "words"),
    [(CONFIRMED, "It is confirmed;"), (CANCELLED, "It has been cancelled since;")],
)
def test_given_a_booking_paid_or_ended_before_its_first_letter_when_received_then_none_is_asked_for(
    booking: Booking, words: str
) -> None:
    letter = written(MessageKind.BOOKING_RECEIVED, booking)

    assert words in letter.text
    assert "pay" not in letter.subject + letter.text.replace(LINK, "")
    assert "until" not in letter.text
    assert LINK in letter.text.splitlines()


@pytest.mark.parametrize("kind", list(BOOKING_LETTERS))
def test_given_any_letter_when_written_then_room_for_the_token_is_in_a_link_or_nowhere(
    kind: MessageKind,
) -> None:
    letter = written(kind, PENDING, refund=REFUND)

    links = letter.text.count(f"manage_token={MANAGE_MARK}")
    assert MANAGE_MARK not in letter.subject
    assert TERMS.manage_tokens.token(PENDING.id) not in letter.text
    assert letter.text.count(MANAGE_MARK) == links <= 1
    assert (links == 1) is (kind in WITH_LINK)


@pytest.mark.parametrize("kind", list(RESCHEDULE_LETTERS))
@pytest.mark.parametrize("booking", [PENDING, CONFIRMED])
def test_given_a_letter_about_another_slot_when_written_then_it_has_room_for_a_token_at_most(
    kind: MessageKind, booking: Booking
) -> None:
    letter = written(kind, booking)

    assert TERMS.manage_tokens.token(booking.id) not in letter.text
    assert letter.text.count("manage_token=") == letter.text.count(f"manage_token={MANAGE_MARK}")


@pytest.mark.parametrize("kind", list(BOOKING_LETTERS))
def test_given_any_letter_when_written_then_it_goes_to_the_guest_or_to_staff(
    kind: MessageKind,
) -> None:
    booking = a_booking(contact=a_contact(email="bo@example.com"))

    letter = written(kind, booking, refund=REFUND)

    expected = STAFF_EMAIL if kind is MessageKind.STAFF_ALERT else "bo@example.com"
    assert letter.to == expected
    assert booking.booking_number in letter.subject
    assert "\n" not in letter.subject
    assert "None" not in letter.subject + letter.text


def test_given_a_booking_by_staff_when_received_then_the_letter_has_the_link_to_pay_it() -> None:
    booking = replace(PENDING, placed_by="maria")

    letter = written(MessageKind.BOOKING_RECEIVED, booking)

    lines = letter.text.splitlines()
    assert PAY_LINK in lines
    assert LINK in lines
    assert lines[lines.index(PAY_LINK) - 1] == "To pay, until 10:30 on November 23:"


def test_given_a_pending_booking_when_its_link_is_sent_then_the_letter_says_until_when() -> None:
    letter = written(MessageKind.PAYMENT_LINK, PENDING)

    assert PAY_LINK in letter.text.splitlines()
    assert "It is good, and we keep a crew for you, until 10:30 on November 23." in letter.text
    assert "$995.00" in letter.text


def test_given_a_booking_paid_before_its_link_is_sent_when_written_then_none_is_in_it() -> None:
    letter = written(MessageKind.PAYMENT_LINK, CONFIRMED)

    assert PAY_LINK not in letter.text
    assert "It is confirmed;" in letter.text


def test_given_a_confirmed_booking_when_told_then_the_letter_says_when_and_where() -> None:
    letter = written(MessageKind.BOOKING_CONFIRMED, CONFIRMED)

    assert "mini move is confirmed for Tuesday, December 1 at 09:00" in letter.text
    assert "740 Park Avenue, Apt 5B, New York, NY 10021" in letter.text
    assert LINK in letter.text


def test_given_a_receipt_when_written_then_every_line_and_the_total_stand_in_it() -> None:
    booking = a_booking(offer=a_rich_quote())

    letter = written(MessageKind.RECEIPT, booking)

    lines = letter.text.splitlines()
    for line in booking.quote.lines:
        sign = "-" if line.amount_cents < 0 else ""
        dollars, cents = divmod(abs(line.amount_cents), 100)
        assert f"  {line.label}: {sign}${dollars}.{cents:02d}" in lines
    whole, cents = divmod(booking.total_cents, 100)
    assert f"  Total: ${whole}.{cents:02d}" in lines


def test_given_an_expired_hold_when_told_then_the_letter_says_nothing_was_charged() -> None:
    letter = written(MessageKind.HOLD_EXPIRED, CANCELLED)

    assert "nothing was charged" in letter.text
    assert PHONE in letter.text


def test_given_a_cancelled_booking_when_told_then_the_letter_names_it_and_its_day() -> None:
    letter = written(MessageKind.BOOKING_CANCELLED, CANCELLED)

    assert f"{CANCELLED.booking_number} for Tuesday, December 1 at 09:00 is cancelled" in (
        letter.text
    )
    assert PHONE in letter.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (MessageKind.LATE_PAYMENT_REFUNDED, "after the booking had ended"),
        (MessageKind.SECOND_PAYMENT_REFUNDED, "Your booking stands as it was"),
    ],
)
def test_given_money_sent_back_when_told_then_the_letter_says_how_much_and_why(
    kind: MessageKind, words: str
) -> None:
    letter = written(kind, CANCELLED, refund=REFUND)

    assert "$123.05" in letter.text
    assert words in letter.text


@pytest.mark.parametrize(
    ("refunded_cents", "words"),
    [
        (CANCELLED.total_cents, "back that payment of $995.00 in full; it shows on your card"),
        (12_305, "$123.05, which is what was left of that payment; it shows"),
        (0, "All of that payment has been sent back; it shows"),
    ],
)
@pytest.mark.parametrize(
    "kind", [MessageKind.LATE_PAYMENT_REFUNDED, MessageKind.SECOND_PAYMENT_REFUNDED]
)
def test_given_money_partly_sent_back_by_hand_when_told_then_the_letter_says_what_goes_back(
    kind: MessageKind, refunded_cents: int, words: str
) -> None:
    refund = replace(REFUND, amount_cents=refunded_cents) if refunded_cents else None

    letter = written(kind, CANCELLED, refund=refund)

    assert words in letter.text


def test_given_a_failed_refund_when_staff_are_told_then_they_read_amount_state_and_cause() -> None:
    failed = replace(REFUND, status=RefundStatus.FAILED, failure_reason="lost_or_stolen_card")

    letter = written(MessageKind.STAFF_ALERT, CANCELLED, refund=failed)

    assert letter.to == STAFF_EMAIL
    assert "$123.05" in letter.text
    assert "is failed. Stripe says: lost_or_stolen_card." in letter.text
    assert "Dear" not in letter.text


def test_given_an_alert_without_a_refund_when_written_then_it_names_the_booking() -> None:
    letter = written(MessageKind.STAFF_ALERT, CANCELLED)

    assert letter.text == f"{CANCELLED.booking_number} needs a look."


def test_given_a_pickup_at_noon_when_told_then_the_hour_is_the_business_s_own() -> None:
    request = replace(a_quote_request(), pickup_time=time(12, 0))

    letter = written(MessageKind.BOOKING_CONFIRMED, a_booking(offer=a_quote(request)))

    assert "at 12:00" in letter.text
