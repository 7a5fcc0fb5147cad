"""Bodies, queries and answers of the pricing preview."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.money import dollars
from totetaxi_core.pricing import LineKind, QuoteLine, QuoteRequest
from totetaxi_core.pricing.preview_price import PricePreview
from totetaxi_core.refusal import FieldFault
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.contradictions import contradictions, refuse_contradictions
from totetaxi_http.schemas.pricing_fields import PricingFields, SpecialtyItemFields
from totetaxi_http.schemas.rule_faults import pricing_rule_faults
from totetaxi_http.wire.constraints import ColonSeparated, Items
from totetaxi_http.wire.contact import EmailAddress
from totetaxi_http.wire.postal import ZipCode

EXAMPLE_REQUEST: Mapping[str, object] = {
    "service_type": "mini_move",
    "mini_move_package_id": "b45a5a21-11e4-5f50-b1fc-cdeb07853098",
    "pickup_date": "2026-12-01",
    "pickup_time": "09:30",
    "pickup_zip": "10001",
    "delivery_zip": "11937",
}


@attrs.frozen(kw_only=True)
class PreviewQuery(PricingFields):
    """A preview by GET: ZIPs in place of addresses, `specialty_items=id:quantity` repeated."""

    EXAMPLE: ClassVar[Mapping[str, object]] = EXAMPLE_REQUEST

    specialty_items: Annotated[
        tuple[Annotated[SpecialtyItemFields, ColonSeparated(("id", "quantity"))], ...],
        Items(max_length=50),
    ] = ()
    pickup_zip: ZipCode
    delivery_zip: ZipCode | None = None
    email: EmailAddress | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        yield from contradictions(good)
        yield from pricing_rule_faults(cls, good, state)

    def request(self) -> QuoteRequest:
        """Return the domain's request.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        refuse_contradictions(self)
        return self.to_quote_request(pickup_zip=self.pickup_zip, delivery_zip=self.delivery_zip)


@attrs.frozen(kw_only=True)
class PreviewBody(PricingFields):
    """A preview by POST: each end as an address or as a ZIP. `email` checks a code's own limit."""

    EXAMPLE: ClassVar[Mapping[str, object]] = EXAMPLE_REQUEST

    pickup_address: AddressFields | None = None
    delivery_address: AddressFields | None = None
    pickup_zip: ZipCode | None = None
    delivery_zip: ZipCode | None = None
    email: EmailAddress | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        yield from contradictions(good)
        yield from pricing_rule_faults(cls, good, state)

    def request(self) -> QuoteRequest:
        """Return the domain's request.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        refuse_contradictions(self)
        pickup, delivery = self.pickup_address, self.delivery_address
        return self.to_quote_request(
            pickup_zip=pickup.zip_code if pickup else self.pickup_zip or "",
            delivery_zip=delivery.zip_code if delivery else self.delivery_zip,
        )


@attrs.define(kw_only=True)  # made for every answer, in half the time of a frozen one
class LineResponse:
    """One amount of a price; `rule_id` names what made it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "kind": "base",
        "code": "petite",
        "label": "Petite",
        "amount_cents": 99_500,
        "rule_id": "b45a5a21-11e4-5f50-b1fc-cdeb07853098",
        "quantity": 1,
        "unit_cents": None,
        "rate_bp": None,
    }

    kind: LineKind
    code: str
    label: str
    amount_cents: int
    rule_id: UUID | None
    quantity: int
    unit_cents: int | None
    rate_bp: int | None

    @classmethod
    def from_line(cls, line: QuoteLine) -> Self:
        return cls(
            kind=line.kind,
            code=line.code,
            label=line.label,
            amount_cents=line.amount_cents,
            rule_id=line.rule_id,
            quantity=line.quantity,
            unit_cents=line.unit_cents,
            rate_bp=line.rate_bp,
        )


@attrs.define(kw_only=True)  # see LineResponse
class PreviewResponse:
    """A price with its lines; the dollar names repeat the cents as decimal strings."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "base_price_cents": 99_500,
        "specialty_cents": 0,
        "organizing_cost_cents": 0,
        "addon_cost_cents": 0,
        "time_surcharge_cents": 0,
        "geographic_surcharge_cents": 0,
        "discount_cents": 0,
        "tax_cents": 0,
        "total_price_cents": 99_500,
        "currency": "USD",
        "base_price": "995.00",
        "time_surcharge": "0.00",
        "organizing_cost": "0.00",
        "total_price": "995.00",
        "total_price_dollars": "995.00",
        "breakdown": [LineResponse.EXAMPLE],
        "price_book_version": 1,
        "quote_token": "1_1795618800.0_1795620600.0.9vB2cKq0x7ZrTn3mWdYpLg",
        "expires_at": "2026-11-25T15:30:00Z",
        "bookable": True,
        "refusal_codes": [],
    }

    base_price_cents: int
    specialty_cents: int
    organizing_cost_cents: int
    addon_cost_cents: int
    time_surcharge_cents: int
    geographic_surcharge_cents: int
    discount_cents: int
    tax_cents: int
    total_price_cents: int
    currency: str = "USD"
    base_price: str
    time_surcharge: str
    organizing_cost: str
    total_price: str
    total_price_dollars: str
    breakdown: tuple[LineResponse, ...]
    price_book_version: int
    quote_token: str
    expires_at: datetime
    bookable: bool
    refusal_codes: tuple[str, ...]

    @classmethod
    def from_preview(cls, preview: PricePreview) -> Self:
        quote = preview.quote
        totals = quote.totals_by_kind
        total = dollars(quote.total_cents)
        return cls(
            base_price_cents=totals[LineKind.BASE],
            specialty_cents=totals[LineKind.SPECIALTY],
            organizing_cost_cents=totals[LineKind.ORGANIZING],
            addon_cost_cents=totals[LineKind.ADDON],
            time_surcharge_cents=totals[LineKind.TIME_SURCHARGE],
            geographic_surcharge_cents=totals[LineKind.GEOGRAPHIC_SURCHARGE],
            discount_cents=totals[LineKind.DISCOUNT],
            tax_cents=totals[LineKind.TAX],
            total_price_cents=quote.total_cents,
            base_price=dollars(totals[LineKind.BASE]),
            time_surcharge=dollars(totals[LineKind.TIME_SURCHARGE]),
            organizing_cost=dollars(totals[LineKind.ORGANIZING]),
            total_price=total,
            total_price_dollars=total,
            breakdown=tuple([LineResponse.from_line(line) for line in quote.lines]),
            price_book_version=quote.price_book_version,
            quote_token=preview.quote_token,
            expires_at=preview.expires_at,
            bookable=preview.bookable,
            refusal_codes=preview.refusal_codes,
        )
