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
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.address import AddressFields
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

    specialty_items: Annotated[
        tuple[Annotated[SpecialtyItemFields, ColonSeparated(("id", "quantity"))], ...],
        Items(max_length=50),
    ] = ()
    pickup_zip: ZipCode
    delivery_zip: ZipCode | None = None
    email: EmailAddress | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        return pricing_rule_faults(good, state)

    def request(self) -> QuoteRequest:
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
        return pricing_rule_faults(good, state)

    def request(self) -> QuoteRequest:
        """Return the domain's request.

        Raises:
            InvalidInputError: an end is missing or given twice, or both are the same address.
        """
        faults = [*self._end_faults()]
        if faults:
            raise InvalidInputError(faults)
        pickup, delivery = self.pickup_address, self.delivery_address
        return self.to_quote_request(
            pickup_zip=pickup.zip_code if pickup else self.pickup_zip or "",
            delivery_zip=delivery.zip_code if delivery else self.delivery_zip,
        )

    def _end_faults(self) -> Iterable[FieldFault]:
        if self.pickup_address is None and self.pickup_zip is None:
            message = "is required, or pickup_zip in its place"
            yield FieldFault(field="pickup_address", code="missing", message=message)
        for end in ("pickup", "delivery"):
            if getattr(self, f"{end}_address") and getattr(self, f"{end}_zip"):
                message = f"send {end}_address or {end}_zip, not both"
                yield FieldFault(field=f"{end}_zip", code="conflicting", message=message)
        pickup, delivery = self.pickup_address, self.delivery_address
        if pickup is not None and delivery is not None:
            doors = (
                pickup.to_address("pickup_address").door,
                delivery.to_address("delivery_address").door,
            )
            if doors[0] == doors[1]:
                message = "must differ from the pickup address"
                yield FieldFault(field="delivery_address", code="same_address", message=message)


@attrs.frozen(kw_only=True)
class LineResponse:
    """One amount of a price; `rule_id` names what made it."""

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


@attrs.frozen(kw_only=True)
class PreviewResponse:
    """A price with its lines; the dollar names repeat the cents as decimal strings."""

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
