"""Why a booking costs what it costs, rule by rule."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.explain_booking import BookingExplanation
from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.explain_price import Outcome, RuleFinding
from totetaxi_http.schemas.preview import LineResponse


@attrs.frozen(kw_only=True)
class RuleFindingResponse:
    """A surcharge rule and what became of it.

    `failed_condition` is the first that does not hold, null where all do. `amount_cents` of a rule
    that was `beaten` is what it would have added.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "rule_id": "1e0b2c67-6c1e-4a7f-9f0e-0c8c5d0a7b11",
        "code": "weekend-mini_move",
        "label": "Weekend, mini move",
        "outcome": "not_matched",
        "amount_cents": 0,
        "failed_condition": "weekdays",
        "beaten_by": None,
        "reason": "only on Saturdays, Sundays; this one is on a Tuesday",
    }

    rule_id: UUID
    code: str
    label: str
    outcome: Outcome
    amount_cents: int
    failed_condition: Condition | None
    beaten_by: str | None
    reason: str

    @classmethod
    def from_finding(cls, finding: RuleFinding) -> Self:
        return cls(
            rule_id=finding.rule.id,
            code=finding.rule.slug,
            label=finding.rule.name,
            outcome=finding.outcome,
            amount_cents=finding.amount_cents,
            failed_condition=finding.failed,
            beaten_by=finding.beaten_by,
            reason=finding.reason,
        )


@attrs.frozen(kw_only=True)
class ExplanationResponse:
    """The price of a booking, and each surcharge rule of the price book that made it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_number": "TT-7K2M9XQ4",
        "service_type": "mini_move",
        "price_book_version": 1,
        "estimated_hours": 2,
        "total_cents": 99500,
        "lines": [LineResponse.EXAMPLE],
        "rules": [RuleFindingResponse.EXAMPLE],
    }

    booking_number: str
    service_type: ServiceType
    price_book_version: int
    estimated_hours: int
    total_cents: int
    lines: tuple[LineResponse, ...]
    rules: tuple[RuleFindingResponse, ...]

    @classmethod
    def of(cls, explanation: BookingExplanation) -> Self:
        booking = explanation.booking
        priced = booking.quote
        return cls(
            booking_number=booking.booking_number,
            service_type=priced.request.service_type,
            price_book_version=priced.price_book_version,
            estimated_hours=priced.estimated_hours,
            total_cents=priced.total_cents,
            lines=tuple(map(LineResponse.from_line, priced.lines)),
            rules=tuple(map(RuleFindingResponse.from_finding, explanation.rules)),
        )
