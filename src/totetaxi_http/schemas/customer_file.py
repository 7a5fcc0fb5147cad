"""A customer's page: the customer with everything that belongs to them, for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

import attrs

from totetaxi_core.customers.customer_file import CustomerFile, CustomerMoney
from totetaxi_core.price_book import PriceBook
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.schemas.customer_analytics import CustomerAnalyticsResponse
from totetaxi_http.schemas.customer_note import CustomerContactResponse, CustomerNoteResponse
from totetaxi_http.schemas.message_entry import MessageEntry
from totetaxi_http.schemas.saved_address import SavedAddressResponse


@attrs.frozen(kw_only=True)
class CustomerMoneyEntry:
    """What moved; `net_cents` is charged less refunded and disputed."""

    charged_cents: int
    refunded_cents: int
    disputed_cents: int
    net_cents: int

    @classmethod
    def of(cls, money: CustomerMoney) -> Self:
        return cls(
            charged_cents=money.charged_cents,
            refunded_cents=money.refunded_cents,
            disputed_cents=money.disputed_cents,
            net_cents=money.net_cents,
        )


@attrs.frozen(kw_only=True)
class CustomerFileResponse:
    """The customer, and of each list the 20 newest, newest first.

    `analytics` is null without `can_view_customer_analytics`. Of an account that was deleted
    (`deleted_at`) its bookings and their money are left.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "customer": CustomerProfileResponse.EXAMPLE,
        "deleted_at": None,
        "money": {
            "charged_cents": 198_000,
            "refunded_cents": 0,
            "disputed_cents": 0,
            "net_cents": 198_000,
        },
        "analytics": CustomerAnalyticsResponse.EXAMPLE,
        "bookings": [CONFIRMED],
        "addresses": [SavedAddressResponse.EXAMPLE],
        "messages": [
            {
                "kind": "booking_confirmed",
                "to": "ada@example.com",
                "subject": "Confirmed: TT-7K3M9QXA on Tuesday, December 1 at 09:30",
                "created_at": "2026-11-25T15:04:12Z",
            }
        ],
        "notes": [CustomerNoteResponse.EXAMPLE],
        "contacts": [CustomerContactResponse.EXAMPLE],
    }

    customer: CustomerProfileResponse
    deleted_at: datetime | None
    money: CustomerMoneyEntry
    analytics: CustomerAnalyticsResponse | None
    bookings: tuple[BookingResponse, ...]
    addresses: tuple[SavedAddressResponse, ...]
    messages: tuple[MessageEntry, ...]
    notes: tuple[CustomerNoteResponse, ...]
    contacts: tuple[CustomerContactResponse, ...]

    @classmethod
    def of(cls, file: CustomerFile, book: PriceBook) -> Self:
        """Show the file; which of the addresses are served, the book tells."""
        analytics = file.analytics
        return cls(
            customer=CustomerProfileResponse.from_customer(file.customer),
            deleted_at=file.customer.deleted_at,
            money=CustomerMoneyEntry.of(file.money),
            analytics=CustomerAnalyticsResponse.from_analytics(analytics) if analytics else None,
            bookings=tuple(BookingResponse.from_booking(one) for one in file.bookings),
            addresses=tuple(SavedAddressResponse.from_saved(one, book) for one in file.addresses),
            messages=tuple(MessageEntry.of(one) for one in file.messages),
            notes=tuple(CustomerNoteResponse.from_note(one) for one in file.notes),
            contacts=tuple(CustomerContactResponse.from_contact(one) for one in file.contacts),
        )
