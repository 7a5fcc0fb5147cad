"""Everything we have of a customer, as they take it away."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

import attrs

from totetaxi_core.customers.customer import Customer, PreferredPickupTime
from totetaxi_core.customers.export_account import AccountExport, ExportedBooking
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.schemas.document import DocumentResponse


@attrs.frozen(kw_only=True)
class ExportedPreferences:
    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "preferred_pickup_time": "mid_morning",
        "email_notifications": True,
        "sms_notifications": False,
    }

    preferred_pickup_time: PreferredPickupTime
    email_notifications: bool
    sms_notifications: bool

    @classmethod
    def from_customer(cls, customer: Customer) -> Self:
        return cls(
            preferred_pickup_time=customer.preferred_pickup_time,
            email_notifications=customer.email_notifications,
            sms_notifications=customer.sms_notifications,
        )


@attrs.frozen(kw_only=True)
class ExportedAddress(AddressFields):
    """An address kept; one that is not active was removed from the list."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "nickname": "Home",
        **AddressFields.EXAMPLE,
        "is_default": True,
        "is_active": True,
        "times_used": 2,
        "last_used_at": "2026-11-25T15:02:00Z",
        "created_at": "2026-01-05T14:10:00Z",
    }

    nickname: str
    is_default: bool
    is_active: bool
    times_used: int
    last_used_at: datetime | None
    created_at: datetime

    @classmethod
    def from_saved(cls, saved: SavedAddress) -> Self:
        return cls(
            **attrs.asdict(AddressFields.from_address(saved.address)),
            nickname=saved.nickname,
            is_default=saved.is_default,
            is_active=saved.is_active,
            times_used=saved.times_used,
            last_used_at=saved.last_used_at,
            created_at=saved.created_at,
        )


@attrs.frozen(kw_only=True)
class ExportedCard:
    """Stripe has the number."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "card_brand": "visa",
        "card_last_four": "4242",
        "card_exp_month": 12,
        "card_exp_year": 2029,
        "is_default": True,
        "created_at": "2026-01-05T14:12:00Z",
    }

    card_brand: str
    card_last_four: str
    card_exp_month: int
    card_exp_year: int
    is_default: bool
    created_at: datetime

    @classmethod
    def from_card(cls, card: PaymentMethod) -> Self:
        return cls(
            card_brand=card.card_brand,
            card_last_four=card.card_last_four,
            card_exp_month=card.card_exp_month,
            card_exp_year=card.card_exp_year,
            is_default=card.is_default,
            created_at=card.created_at,
        )


@attrs.frozen(kw_only=True)
class ExportedPayment:
    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "purpose": "booking",
        "status": "succeeded",
        "amount_cents": 99_500,
        "card_brand": "visa",
        "card_last_four": "4242",
        "created_at": "2026-11-25T15:02:00Z",
        "completed_at": "2026-11-25T15:04:10Z",
    }

    purpose: PaymentPurpose
    status: PaymentStatus
    amount_cents: int
    card_brand: str | None
    card_last_four: str | None
    created_at: datetime
    completed_at: datetime | None

    @classmethod
    def from_payment(cls, payment: Payment) -> Self:
        return cls(
            purpose=payment.purpose,
            status=payment.status,
            amount_cents=payment.amount_cents,
            card_brand=payment.card_brand,
            card_last_four=payment.card_last_four,
            created_at=payment.created_at,
            completed_at=payment.completed_at,
        )


@attrs.frozen(kw_only=True)
class ExportedRefund:
    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "status": "succeeded",
        "amount_cents": 5_000,
        "created_at": "2026-11-25T16:00:00Z",
        "updated_at": "2026-11-25T16:00:03Z",
    }

    status: RefundStatus
    amount_cents: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_refund(cls, refund: Refund) -> Self:
        return cls(
            status=refund.status,
            amount_cents=refund.amount_cents,
            created_at=refund.created_at,
            updated_at=refund.updated_at,
        )


@attrs.frozen(kw_only=True)
class ExportedBookingResponse:
    """A booking with its lines, what was paid for it, what went back, and the files on it.

    The files themselves are at `customer/bookings/{id}/documents`.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking": CONFIRMED,
        "payments": [ExportedPayment.EXAMPLE],
        "refunds": [ExportedRefund.EXAMPLE],
        "documents": [DocumentResponse.EXAMPLE],
    }

    booking: BookingResponse
    payments: tuple[ExportedPayment, ...]
    refunds: tuple[ExportedRefund, ...]
    documents: tuple[DocumentResponse, ...]

    @classmethod
    def from_exported(cls, exported: ExportedBooking) -> Self:
        return cls(
            booking=BookingResponse.from_booking(exported.booking),
            payments=tuple(ExportedPayment.from_payment(one) for one in exported.payments),
            refunds=tuple(ExportedRefund.from_refund(one) for one in exported.refunds),
            documents=tuple(
                DocumentResponse.from_document(one).for_customers() for one in exported.documents
            ),
        )


@attrs.frozen(kw_only=True)
class ExportedMessage:
    """A message we sent; where it had a token, there is only the room for one."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "kind": "booking_confirmed",
        "to": "ada@example.com",
        "subject": "Confirmed: TT-7K3M9QXA on Tuesday, December 1 at 09:30",
        "text": "Dear Ada,\n\nYour mini move is confirmed …",
        "created_at": "2026-11-25T15:04:11Z",
    }

    kind: MessageKind
    to: str
    subject: str
    text: str
    created_at: datetime

    @classmethod
    def from_message(cls, message: Message) -> Self:
        return cls(
            kind=message.kind,
            to=message.to,
            subject=message.subject,
            text=message.text,
            created_at=message.created_at,
        )


@attrs.frozen(kw_only=True)
class AccountExportResponse:
    """All we have of you; lists are newest first."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "exported_at": "2026-11-26T09:00:00Z",
        "profile": CustomerProfileResponse.EXAMPLE,
        "preferences": ExportedPreferences.EXAMPLE,
        "addresses": [ExportedAddress.EXAMPLE],
        "payment_methods": [ExportedCard.EXAMPLE],
        "bookings": [ExportedBookingResponse.EXAMPLE],
        "messages": [ExportedMessage.EXAMPLE],
    }

    exported_at: datetime
    profile: CustomerProfileResponse
    preferences: ExportedPreferences
    addresses: tuple[ExportedAddress, ...]
    payment_methods: tuple[ExportedCard, ...]
    bookings: tuple[ExportedBookingResponse, ...]
    messages: tuple[ExportedMessage, ...]

    @classmethod
    def from_export(cls, export: AccountExport) -> Self:
        return cls(
            exported_at=export.exported_at,
            profile=CustomerProfileResponse.from_customer(export.customer),
            preferences=ExportedPreferences.from_customer(export.customer),
            addresses=tuple(ExportedAddress.from_saved(one) for one in export.addresses),
            payment_methods=tuple(ExportedCard.from_card(one) for one in export.cards),
            bookings=tuple(ExportedBookingResponse.from_exported(one) for one in export.bookings),
            messages=tuple(ExportedMessage.from_message(one) for one in export.messages),
        )
