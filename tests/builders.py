"""Sound entities with real values, for tests that are about something else.

Each call draws new ids. What a builder does not take, `dataclasses.replace` or a transition of the
entity changes. The pickup is 2026-12-01, 09:00 in New York, from Manhattan to East Hampton.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import SystemRandom
from typing import Any, Final
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.ids import IdSource
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, postings_of
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.dispute import Dispute, DisputeStatus
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import SYSTEM, Refund, RefundStatus
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing import PriceAdjustment, Quote, QuoteRequest, SpecialtyChoice, quote
from totetaxi_core.staff.staff_act import StaffAct

NOW: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PICKUP_DATE: Final = date(2026, 12, 1)
PICKUP_TIME: Final = time(9, 0)
PICKUP_AT: Final = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
HOLD: Final = timedelta(minutes=30)

DEFAULT_BOOK: Final = PriceBook.default()
PETITE: Final = DEFAULT_BOOK.mini_move_packages[0]
STANDARD: Final = DEFAULT_BOOK.mini_move_packages[1]
PELOTON: Final = DEFAULT_BOOK.specialty_items[0]
SURFBOARD: Final = DEFAULT_BOOK.specialty_items[1]
STANDARD_PACKING: Final = next(
    service for service in DEFAULT_BOOK.organizing_services if service.slug == "standard-packing"
)

_IDS: Final = IdSource(SystemRandom())


def an_id() -> UUID:
    return _IDS.new_id()


def a_contact(*, email: str = "Ada.Guest@Example.com") -> Contact:
    return Contact(first_name="Ada", last_name="Guest", email=email, phone="+12125550123")


def an_address() -> Address:
    return Address(
        address_line_1="740 Park Avenue",
        address_line_2="Apt 5B",
        city="New York",
        state="NY",
        zip_code="10021",
        delivery_instructions="Service entrance on 71st Street",
        point=Point(latitude=40.7712, longitude=-73.9649),
    )


def a_delivery_address() -> Address:
    return Address(
        address_line_1="12 Egypt Lane", city="East Hampton", state="NY", zip_code="11937-2408"
    )


def a_quote_request() -> QuoteRequest:
    """A petite mini move, on a Tuesday, within the core area: 995.00 dollars."""
    return QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        pickup_date=PICKUP_DATE,
        pickup_time=PICKUP_TIME,
        pickup_zip="10021",
        delivery_zip="11937-2408",
        mini_move_package_id=PETITE.id,
    )


def a_quote(
    request: QuoteRequest | None = None, *, book: PriceBook = DEFAULT_BOOK, at: datetime = NOW
) -> Quote:
    return quote(request or a_quote_request(), book, at=at)


def a_rich_quote(*, book: PriceBook | None = None) -> Quote:
    """A quote with lines of every kind, three of them negative or taxed: a Saturday, to Montauk."""
    request = replace(
        a_quote_request(),
        pickup_date=date(2026, 12, 5),
        delivery_zip="11954",
        mini_move_package_id=STANDARD.id,
        organizing_service_ids=(STANDARD_PACKING.id,),
        item_count=12,
        specialty_items=(
            SpecialtyChoice(id=PELOTON.id, quantity=2),
            SpecialtyChoice(id=SURFBOARD.id),
        ),
        include_unpacking=True,
        coi_required=True,
        discount_code="winter10",
        adjustment=PriceAdjustment(amount_cents=-2_550, reason="Late last time; “sorry” 🙏"),
    )
    return a_quote(request, book=book or a_price_book(discount_codes=[winter_code_document()]))


def a_price_book(*, version: int = 1, **sections: object) -> PriceBook:
    """The company's own book with some sections of the document replaced."""
    return PriceBook.from_document({**DEFAULT_BOOK.document, **sections}, version=version)


def winter_code_document(
    *, max_uses: int | None = None, max_uses_per_customer: int | None = None
) -> Mapping[str, object]:
    """Ten per cent off, for everybody, from November on."""
    limits = {"max_uses": max_uses, "max_uses_per_customer": max_uses_per_customer}
    return {
        "id": str(an_id()),
        "code": "WINTER10",
        "kind": "percentage",
        "rate_bp": 1_000,
        "valid_from": "2026-11-01T05:00:00Z",
        **{name: limit for name, limit in limits.items() if limit is not None},
    }


def a_discount_code(
    *, max_uses: int | None = None, max_uses_per_customer: int | None = None
) -> DiscountCode:
    document = winter_code_document(max_uses=max_uses, max_uses_per_customer=max_uses_per_customer)
    return a_price_book(discount_codes=[document]).discount_codes[0]


def a_booking(
    *,
    offer: Quote | None = None,
    contact: Contact | None = None,
    created_at: datetime = NOW,
    hold: timedelta = HOLD,
    cart_key: str | None = None,
) -> Booking:
    """A guest's pending booking, with a cart of its own unless one is given."""
    booking_id = an_id()
    return Booking(
        id=booking_id,
        booking_number=_IDS.new_booking_number(),
        status=BookingStatus.PENDING,
        quote=offer or a_quote(),
        contact=contact or a_contact(),
        customer_id=None,
        pickup_at=PICKUP_AT,
        pickup_address=an_address(),
        delivery_address=a_delivery_address(),
        item_description="",
        special_instructions="Ring twice",
        cart_key=cart_key or f"{booking_id.hex:0>64}",
        placed_by="guest",
        hold_expires_at=created_at + hold,
        created_at=created_at,
        updated_at=created_at,
    )


def a_customer(*, email: str = "Ada.Customer@Example.com", **changes: Any) -> Customer:  # noqa: ANN401  as its fields
    """A verified customer who has not booked yet."""
    facts: dict[str, Any] = {
        "id": an_id(),
        "email": email,
        "first_name": "Ada",
        "last_name": "Customer",
        "phone": "+12125550123",
        "password_hash": "hash of Correct-horse-1",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Customer(**(facts | changes))


def a_payment_method(customer: Customer, **changes: Any) -> PaymentMethod:  # noqa: ANN401  as its fields
    """A card of the customer's, active and not their default."""
    method_id = an_id()
    facts: dict[str, Any] = {
        "id": method_id,
        "customer_id": customer.id,
        "stripe_payment_method_id": f"pm_{method_id.hex}",
        "card_brand": "visa",
        "card_last_four": "4242",
        "card_exp_month": 12,
        "card_exp_year": 2034,
        "is_default": False,
        "is_active": True,
        "created_at": NOW,
    }
    return PaymentMethod(**(facts | changes))


def a_payment(
    booking: Booking,
    *,
    purpose: PaymentPurpose = PaymentPurpose.BOOKING,
    created_at: datetime = NOW,
) -> Payment:
    """What the booking owes, not paid yet."""
    return Payment(
        id=an_id(),
        booking_id=booking.id,
        purpose=purpose,
        status=PaymentStatus.PENDING,
        amount_cents=booking.total_cents,
        customer_email=booking.contact.email,
        created_at=created_at,
        updated_at=created_at,
    )


def an_attempt(payment: Payment, *, number: int = 1, created_at: datetime = NOW) -> PaymentAttempt:
    """A live attempt whose intent is not known yet."""
    return PaymentAttempt(
        id=an_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        number=number,
        state=AttemptState.LIVE,
        created_at=created_at,
    )


def a_refund(
    payment: Payment, *, amount_cents: int | None = None, created_at: datetime = NOW
) -> Refund:
    """A refund born approved, of the whole payment unless told."""
    return Refund(
        id=an_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        amount_cents=payment.amount_cents if amount_cents is None else amount_cents,
        reason="late_payment",
        status=RefundStatus.APPROVED,
        requested_by=SYSTEM,
        created_at=created_at,
        updated_at=created_at,
    )


def a_dispute(
    payment: Payment, *, withdrawn_cents: int | None = None, created_at: datetime = NOW
) -> Dispute:
    """An open dispute about the whole payment, which Stripe has withdrawn unless told."""
    dispute_id = an_id()
    return Dispute(
        id=dispute_id,
        payment_id=payment.id,
        booking_id=payment.booking_id,
        stripe_dispute_id=f"dp_{dispute_id.hex}",
        amount_cents=payment.amount_cents,
        withdrawn_cents=payment.amount_cents if withdrawn_cents is None else withdrawn_cents,
        status=DisputeStatus.OPEN,
        reason="fraudulent",
        due_by=created_at + timedelta(days=9),
        is_refundable=False,
        created_at=created_at,
        updated_at=created_at,
    )


def a_ledger_entry(
    payment: Payment,
    *,
    kind: EntryKind = EntryKind.CHARGE,
    amounts: Mapping[Account, int] | None = None,
    cause: str | None = None,
    posted_at: datetime = NOW,
) -> LedgerEntry:
    """A charge of the payment, without tax, unless told."""
    cents = payment.amount_cents
    return LedgerEntry(
        id=an_id(),
        kind=kind,
        cause=cause or f"{kind}:{an_id()}",
        booking_id=payment.booking_id,
        payment_id=payment.id,
        posted_at=posted_at,
        postings=postings_of(amounts or {Account.STRIPE: cents, Account.REVENUE: -cents}),
    )


def an_effect(
    *,
    kind: EffectKind = EffectKind.SETTLE_INTENT,
    cause: str | None = None,
    at: datetime = NOW,
    payload: Mapping[str, str] | None = None,
) -> OwedEffect:
    """An effect that is due at once."""
    return owed(_IDS, kind, cause or str(an_id()), at=at, payload=payload or {"intent_id": "pi_1"})


def a_message(
    *,
    booking: Booking | None = None,
    to: str = "Ada.Guest@Example.com",
    created_at: datetime = NOW,
) -> Message:
    return Message(
        id=an_id(),
        booking_id=booking.id if booking else None,
        kind=MessageKind.BOOKING_CONFIRMED,
        to=to,
        subject="Your move on Tuesday, December 1",
        text="Dear Ada,\n\nwe call at 9:00 a.m.\n\nToteTaxi\n",
        created_at=created_at,
    )


def a_staff_act(booking: Booking | None = None, *, created_at: datetime = NOW) -> StaffAct:
    return StaffAct(
        id=an_id(),
        staff_name="maria",
        action_type="create_booking",
        description="Booked by phone; notice overridden",
        booking_id=booking.id if booking else None,
        created_at=created_at,
    )
