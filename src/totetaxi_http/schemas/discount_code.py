"""Discount codes, as staff make, limit and read them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.discount_codes.code_use import CodeUse
from totetaxi_core.discount_codes.known_code import CodeState, KnownCode
from totetaxi_core.document import MAX_WHOLE
from totetaxi_core.money import BASIS_POINTS
from totetaxi_core.price_book import DiscountCode, DiscountKind
from totetaxi_http.schemas.price_book_entry import SEEN, Reason, SeenVersion
from totetaxi_http.wire.constraints import Items, Text, Whole

MAX_CODE: Final = 50
ABOUT_THE_CHANGE: Final = ("reason", "based_on")

Code = Annotated[str, Text(max_length=MAX_CODE)]
Cents = Annotated[int, Whole(minimum=0, maximum=MAX_WHOLE)]
Share = Annotated[int, Whole(minimum=0, maximum=BASIS_POINTS)]
Uses = Annotated[int, Whole(minimum=0, maximum=MAX_WHOLE)]
Services = Annotated[tuple[ServiceType, ...], Items(max_length=len(ServiceType), min_length=1)]


class Unsaid(Enum):
    """What a body leaves out, where null says something."""

    UNSAID = "unsaid"


UNSAID: Final[Any] = Unsaid.UNSAID
UNTIL: Final = {"description": "The first instant at which it is not valid any more."}


@attrs.frozen(kw_only=True)
class NewDiscountCodeBody:
    """A code to give out: `rate_bp` of the order for a percentage, else `amount_cents`.

    What is left out is without limit. 1,000 basis points are 10 %.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "code": "VIP10",
        "kind": "percentage",
        "rate_bp": 1_000,
        "max_discount_cents": 25_000,
        "max_uses": 100,
        "max_uses_per_customer": 1,
        "valid_until": "2027-01-01T05:00:00Z",
        "reason": "For our best customers",
    }

    code: Code
    kind: DiscountKind
    amount_cents: Cents | None = None
    rate_bp: Share | None = None
    max_discount_cents: Cents | None = None
    min_order_cents: Cents | None = None
    service_types: Services | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = attrs.field(default=None, metadata=UNTIL)
    max_uses: Uses | None = None
    max_uses_per_customer: Uses | None = None
    is_active: bool = True
    reason: Reason = ""
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)

    def to_entry(self) -> dict[str, Any]:
        """Return the code as it stands in the book."""
        stated = _stated(self)
        return {name: value for name, value in stated.items() if value is not None}

    def to_reason(self) -> str:
        return self.reason or f"Made the discount code {self.code}"


@attrs.frozen(kw_only=True)
class DiscountCodeChangesBody:
    """What is to be otherwise: what is left out stays, null takes a limit or date away.

    `is_active` false pauses the code, true lets it be used again.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "max_uses": 50,
        "valid_until": None,
        "is_active": True,
        "reason": "Too many took it",
    }

    max_uses: Uses | None = UNSAID
    max_uses_per_customer: Uses | None = UNSAID
    max_discount_cents: Cents | None = UNSAID
    min_order_cents: Cents | None = UNSAID
    valid_from: datetime | None = UNSAID
    valid_until: datetime | None = attrs.field(default=UNSAID, metadata=UNTIL)
    is_active: bool = UNSAID
    reason: Reason = ""
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)

    def to_changes(self) -> dict[str, Any]:
        """Return the fields that are said, as they stand in the book."""
        return {name: value for name, value in _stated(self).items() if value is not UNSAID}

    def to_reason(self, code: str) -> str:
        return self.reason or f"Changed the discount code {code[:MAX_CODE]}"


@attrs.frozen(kw_only=True)
class DiscountCodeResponse:
    """A code and how it stands in the price book of this version.

    `uses` are the bookings that have one now: those that died unpaid gave theirs back.
    `uses_left` is null where there is no limit.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "0b6ff6a0-4c1c-4f0a-8b9e-0f2f5d7b2a11",
        "code": "VIP10",
        "state": "active",
        "kind": "percentage",
        "amount_cents": None,
        "rate_bp": 1_000,
        "max_discount_cents": 25_000,
        "min_order_cents": 0,
        "service_types": [],
        "valid_from": None,
        "valid_until": "2027-01-01T05:00:00Z",
        "max_uses": 100,
        "max_uses_per_customer": 1,
        "uses": 3,
        "uses_left": 97,
        "is_active": True,
        "price_book_version": 4,
    }

    id: UUID
    code: str
    state: CodeState
    kind: DiscountKind
    amount_cents: int | None
    rate_bp: int | None
    max_discount_cents: int | None
    min_order_cents: int
    service_types: tuple[ServiceType, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    max_uses: int | None
    max_uses_per_customer: int | None
    uses: int
    uses_left: int | None
    is_active: bool
    price_book_version: int

    @classmethod
    def from_known(cls, known: KnownCode) -> Self:
        code = known.code
        return cls(
            id=code.id,
            code=code.code,
            state=known.state,
            kind=code.kind,
            amount_cents=code.amount_cents if code.kind is DiscountKind.FIXED else None,
            rate_bp=code.rate_bp if code.kind is DiscountKind.PERCENTAGE else None,
            max_discount_cents=code.max_discount_cents,
            min_order_cents=code.min_order_cents,
            service_types=code.service_types,
            valid_from=code.valid_from,
            valid_until=code.valid_until,
            max_uses=code.max_uses,
            max_uses_per_customer=code.max_uses_per_customer,
            uses=known.uses,
            uses_left=_left(code, known.uses),
            is_active=code.is_active,
            price_book_version=known.version,
        )


@attrs.frozen(kw_only=True)
class DiscountUseResponse:
    """A booking that has a use of the code, and what that took off."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K3M9QXA",
        "booking_status": "confirmed",
        "discount_cents": 9_950,
        "created_at": "2026-11-25T15:02:00Z",
    }

    booking_id: UUID
    booking_number: str
    booking_status: BookingStatus
    discount_cents: int
    created_at: datetime

    @classmethod
    def from_use(cls, use: CodeUse) -> Self:
        return cls(
            booking_id=use.booking_id,
            booking_number=use.booking_number,
            booking_status=use.booking_status,
            discount_cents=use.discount_cents,
            created_at=use.created_at,
        )


def _stated(body: NewDiscountCodeBody | DiscountCodeChangesBody) -> dict[str, Any]:
    sent: dict[str, Any] = attrs.asdict(body, recurse=False)
    return {name: _plain(sent[name]) for name in sent if name not in ABOUT_THE_CHANGE}


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return [one.value for one in value] if isinstance(value, tuple) else value


def _left(code: DiscountCode, uses: int) -> int | None:
    return None if code.max_uses is None else max(code.max_uses - uses, 0)
