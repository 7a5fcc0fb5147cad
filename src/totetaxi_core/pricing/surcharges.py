"""The surcharge lines of a pickup.

Source: docs/pricing.md, "Surcharges".
"""

from functools import lru_cache

from totetaxi_core.price_book.surcharge_rule import SurchargeKind, SurchargeRule
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.pricing.surcharge_index import OF_TIME, SurchargeIndex

REMEMBERED = 1024


class Surcharges:
    """Prices the surcharge rules of one book."""

    def __init__(self, index: SurchargeIndex) -> None:
        self._index = index
        # The same days, places and packages come again and again: remember their lines.
        self._lines = lru_cache(maxsize=REMEMBERED)(self._make_lines)

    def lines(
        self, request: QuoteRequest, *, zips: tuple[str, str | None], base_cents: int, hours: int
    ) -> tuple[QuoteLine, ...]:
        """Return the lines, time before geographic, each in the book's order.

        `zips` are the five digits of pickup and delivery; a share is taken of `base_cents`.
        """
        return self._lines(*self._bits(request, zips), base_cents, hours)

    def matching(
        self, request: QuoteRequest, *, zips: tuple[str, str | None], base_cents: int, hours: int
    ) -> list[tuple[SurchargeRule, QuoteLine]]:
        """Return each rule that matches with what it would add, were there no groups."""
        return self._finished(*self._bits(request, zips), base_cents, hours)

    def first_failed(
        self, request: QuoteRequest, *, zips: tuple[str, str | None]
    ) -> tuple[tuple[SurchargeRule, Condition | None], ...]:
        """Return every active rule with the first condition that fails; None if all hold."""
        index = self._index
        passed = (
            *zip(
                OF_TIME,
                index.by_condition(request.service_type, request.pickup_date, request.pickup_time),
                strict=True,
            ),
            (Condition.PLACE, index.anywhere() | index.at_zip(zips[0]) | index.at_zip(zips[1])),
        )
        return tuple(
            (rule, next((failed for failed, bits in passed if not bits >> number & 1), None))
            for number, rule in enumerate(index.rules)
        )

    def _bits(self, request: QuoteRequest, zips: tuple[str, str | None]) -> tuple[int, int, int]:
        """Return the rules that match wherever, by the pickup and by the delivery address."""
        index = self._index
        timely = index.at_time(request.service_type, request.pickup_date, request.pickup_time)
        return (
            timely & index.anywhere(),
            timely & index.at_zip(zips[0]),
            timely & index.at_zip(zips[1]),
        )

    def _make_lines(
        self, placeless: int, at_pickup: int, at_delivery: int, base_cents: int, hours: int
    ) -> tuple[QuoteLine, ...]:
        finished = self._finished(placeless, at_pickup, at_delivery, base_cents, hours)
        lines = [line for line in one_a_group(finished) if line.amount_cents]
        lines.sort(key=lambda line: line.kind is LineKind.GEOGRAPHIC_SURCHARGE)
        return tuple(lines)

    def _finished(
        self, placeless: int, at_pickup: int, at_delivery: int, base_cents: int, hours: int
    ) -> list[tuple[SurchargeRule, QuoteLine]]:
        finished: list[tuple[SurchargeRule, QuoteLine]] = []
        for bit, rule in self._index.matching(placeless | at_pickup | at_delivery):
            addresses = bool(bit & at_pickup) + bool(bit & at_delivery) if rule.per_address else 1
            unit_cents = rule.unit_cents(base_cents=base_cents, hours=hours)
            finished.append(
                (rule, surcharge_line(rule, unit_cents=unit_cents, addresses=addresses))
            )
        return finished


def surcharge_line(rule: SurchargeRule, *, unit_cents: int, addresses: int) -> QuoteLine:
    """Return the rule's line: so much for each of so many addresses."""
    kind = LineKind.GEOGRAPHIC_SURCHARGE if rule.is_geographic else LineKind.TIME_SURCHARGE
    return QuoteLine(
        kind=kind,
        code=rule.slug,
        label=rule.name,
        amount_cents=unit_cents * addresses,
        rule_id=rule.id,
        quantity=addresses,
        unit_cents=unit_cents,
        rate_bp=rule.rate_bp if rule.kind is SurchargeKind.PERCENTAGE else None,
    )


def one_a_group(finished: list[tuple[SurchargeRule, QuoteLine]]) -> list[QuoteLine]:
    """Keep one line of each exclusive group: highest priority, larger line, earlier slug."""
    best: dict[str, tuple[int, int, str]] = {}
    for rule, line in finished:
        if rule.exclusive_group is not None:
            rank = _rank(rule, line)
            best[rule.exclusive_group] = min(best.get(rule.exclusive_group, rank), rank)
    return [
        line
        for rule, line in finished
        if rule.exclusive_group is None or best[rule.exclusive_group] == _rank(rule, line)
    ]


def _rank(rule: SurchargeRule, line: QuoteLine) -> tuple[int, int, str]:
    return -rule.priority, -line.amount_cents, rule.slug
