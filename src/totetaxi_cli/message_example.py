"""An example of every kind of message, about a booking that nobody made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.bookings.booking import CUSTOMER, Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.reminder import PICKUP_AT, reminded_at
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.registration import LIFETIME, Registration
from totetaxi_core.geography.address import Address
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.notifications.account_letter import (
    CUSTOMER_LETTERS,
    customer_letter,
    reset_letter,
    verify_letter,
)
from totetaxi_core.notifications.booking_letter import write_letters
from totetaxi_core.notifications.house_letter import HOUSE_LETTERS, write_house_letter
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.staff_alert import DETAIL, REASON, AlertReason
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.payments.refund import SYSTEM, Refund, RefundStatus
from totetaxi_core.ports import Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import Quote, QuoteRequest, SpecialtyChoice, quote

EXAMPLES: Final = UUID("8a7d5f0e-2c1b-4e0d-9a55-3b8f6f1e7d10")
NUMBER: Final = "TT-EXAMP1E0"
ORDERED_AT: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PICKUP_ON: Final = date(2026, 12, 1)
PICKUP_TIME: Final = time(9, 0)
PENDING: Final = frozenset({MessageKind.BOOKING_RECEIVED, MessageKind.PAYMENT_LINK})
REFUND_CENTS: Final = 49_750


def example_messages(kind: MessageKind, terms: Terms) -> tuple[Message, ...]:
    """Return the messages as they are delivered: a mail, and a text message where there is one."""
    return tuple(_message(letter, kind, terms) for letter in _letters(kind, terms))


def _message(letter: Letter, kind: MessageKind, terms: Terms) -> Message:
    about_booking = kind not in CUSTOMER_LETTERS and kind not in HOUSE_LETTERS
    message = Message(
        id=_id(f"message {letter.channel}"),
        booking_id=_id("booking") if about_booking and letter.token_id is None else None,
        kind=kind,
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        created_at=ORDERED_AT,
        token_id=letter.token_id,
        channel=letter.channel,
        calendar=letter.calendar,
    )
    return replace(message, text=text_with_tokens(message, terms))


def _letters(kind: MessageKind, terms: Terms) -> Iterator[Letter]:
    if kind is MessageKind.VERIFY_EMAIL:
        yield verify_letter(_registration(), terms)
    elif kind is MessageKind.PASSWORD_RESET:
        reset = PasswordReset.begin(_id("reset"), _account(), at=ORDERED_AT)
        yield reset_letter(_account(), reset, terms)
    elif kind in CUSTOMER_LETTERS:
        letter = customer_letter(kind, _account(), terms, owed_at=ORDERED_AT)
        yield from (letter,) if letter is not None else ()
    elif kind in HOUSE_LETTERS:
        yield write_house_letter(kind, HOUSE_FACTS[kind], terms)
    else:
        yield from write_letters(kind, _occasion(kind, terms), terms)


def _occasion(kind: MessageKind, terms: Terms) -> Occasion:
    booking = _booking(kind, terms)
    facts = {**FACTS.get(kind, {}), PICKUP_AT: booking.pickup_at.isoformat()}
    return Occasion(
        booking=booking,
        now=reminded_at(booking, zone=terms.zone),
        facts=facts,
        refund=_refund(booking, kind) if kind in REFUNDS else None,
        task=_task(booking, kind) if kind in LEGS else None,
        account=_account(),
    )


def _booking(kind: MessageKind, terms: Terms) -> Booking:
    account = _account()
    booking = Booking(
        id=_id("booking"),
        booking_number=NUMBER,
        status=BookingStatus.PENDING,
        quote=_quote(),
        contact=account.contact,
        customer_id=account.id,
        pickup_at=terms.pickup_at(PICKUP_ON, PICKUP_TIME),
        pickup_address=Address(
            address_line_1="740 Park Avenue",
            address_line_2="Apt 5B",
            city="New York",
            state="NY",
            zip_code="10021",
        ),
        delivery_address=Address(
            address_line_1="12 Egypt Lane", city="East Hampton", state="NY", zip_code="11937"
        ),
        item_description="",
        special_instructions="",
        cart_key="example",
        placed_by=CUSTOMER,
        hold_expires_at=ORDERED_AT + terms.hold,
        created_at=ORDERED_AT,
        updated_at=ORDERED_AT,
    )
    if kind in PENDING:
        return booking
    if kind is MessageKind.HOLD_EXPIRED:
        return booking.cancel(reason=CancellationReason.PAYMENT_TIMEOUT, at=ORDERED_AT)
    confirmed = booking.confirm(at=ORDERED_AT)
    if kind is MessageKind.BOOKING_CANCELLED:
        return confirmed.cancel(reason=CancellationReason.CUSTOMER, at=ORDERED_AT)
    return confirmed


def _quote() -> Quote:
    book = PriceBook.default()
    request = QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        pickup_date=PICKUP_ON,
        pickup_time=PICKUP_TIME,
        pickup_zip="10021",
        delivery_zip="11937",
        mini_move_package_id=book.mini_move_packages[0].id,
        specialty_items=(SpecialtyChoice(id=book.specialty_items[0].id),),
        include_packing=True,
    )
    return quote(request, book, at=ORDERED_AT)


def _account() -> Customer:
    return Customer(
        id=_id("account"),
        email="ada.lovelace@example.com",
        first_name="Ada",
        last_name="Lovelace",
        phone="+12125550123",
        password_hash="",
        sms_notifications=True,
        is_vip=True,
        created_at=ORDERED_AT,
        updated_at=ORDERED_AT,
    )


def _registration() -> Registration:
    account = _account()
    return Registration(
        id=_id("registration"),
        email=account.email,
        first_name=account.first_name,
        last_name=account.last_name,
        phone=account.phone,
        password_hash="",
        created_at=ORDERED_AT,
        expires_at=ORDERED_AT + LIFETIME,
    )


def _refund(booking: Booking, kind: MessageKind) -> Refund:
    failed = kind is MessageKind.REFUND_FAILED
    return Refund(
        id=_id("refund"),
        payment_id=_id("payment"),
        booking_id=booking.id,
        amount_cents=REFUND_CENTS,
        reason="customer",
        status=RefundStatus.FAILED if failed else RefundStatus.SUCCEEDED,
        requested_by=SYSTEM,
        created_at=ORDERED_AT,
        updated_at=ORDERED_AT,
    )


def _task(booking: Booking, kind: MessageKind) -> CourierTask:
    arrives_at = booking.pickup_at + timedelta(hours=4)
    is_delivered = kind is MessageKind.DELIVERED
    return CourierTask(
        id=_id("task"),
        booking_id=booking.id,
        leg=LEGS[kind],
        status=CourierTaskStatus.COMPLETED if is_delivered else CourierTaskStatus.ACTIVE,
        window_start_at=booking.pickup_at,
        window_end_at=arrives_at,
        created_at=ORDERED_AT,
        updated_at=ORDERED_AT,
        tracking_url="https://onf.lt/0123456789",
        worker_name="Sam Driver",
        estimated_arrival_at=arrives_at,
        completed_at=arrives_at if is_delivered else None,
        photo_ids=("1", "2") if is_delivered else (),
        signature_id="3" if is_delivered else None,
    )


def _id(of_what: str) -> UUID:
    return uuid5(EXAMPLES, of_what)


LEGS: Final = {MessageKind.DRIVER_ON_THE_WAY: Leg.DROPOFF, MessageKind.DELIVERED: Leg.DROPOFF}
REFUNDS: Final = frozenset(
    {
        MessageKind.BOOKING_CANCELLED,
        MessageKind.LATE_PAYMENT_REFUNDED,
        MessageKind.SECOND_PAYMENT_REFUNDED,
        MessageKind.REFUND_SENT,
        MessageKind.REFUND_FAILED,
    }
)
FACTS: Final = {
    MessageKind.BOOKING_RESCHEDULED: {"paid_cents": "17500", "refund_cents": "0"},
    MessageKind.RESCHEDULE_PAYMENT_LINK: {
        "difference_cents": "17500",
        "new_time": "Saturday, December 5 at 09:00",
        "until": "10:30 on November 23",
    },
    MessageKind.STAFF_ALERT: {REASON: AlertReason.COURIER_TASK_FAILED, DETAIL: "nobody at home"},
}
HOUSE_FACTS: Final = {
    MessageKind.WORKER_STOPPED: {"since": ORDERED_AT.isoformat()},
    MessageKind.DRIFT_FOUND: {
        "drift": "refund_missing_at_stripe",
        "booking_number": NUMBER,
        "detail": "a refund of $497.50 is on record here alone",
    },
    MessageKind.WEBHOOK_PAUSED: {
        "reason": "gone",
        "url": "https://client.example.com/hooks",
        "webhook_id": str(_id("webhook")),
    },
}
