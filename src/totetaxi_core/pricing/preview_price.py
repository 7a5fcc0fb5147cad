"""Tell a price, and whether it could be booked, without booking."""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing.engine import quote
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.pricing.reductions import DISCOUNT_UNAVAILABLE
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.schedule_refusal import refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePreview:
    """`refusal_codes` say why schedule or charge limits would refuse it; crews are not looked at.

    The token keeps the price until `expires_at`, in UTC.
    """

    quote: Quote
    quote_token: str
    expires_at: datetime
    refusal_codes: tuple[str, ...]

    @property
    def bookable(self) -> bool:
        return not self.refusal_codes


async def preview_price(
    request: QuoteRequest,
    book: PriceBook,
    ports: Ports,
    terms: Terms,
    *,
    email: str | None = None,
) -> PricePreview:
    """Price a request at any date and amount. Only a discount code asks the database.

    Raises:
        InvalidInputError: names every bad field.
    """
    now = ports.clock()
    quoted = quote(request, book, at=now)
    if request.discount_code is not None:
        key = None if email is None else email.strip().lower()
        await _check_uses(quoted, book, ports, terms, email_key=key)
    token, expires_at = terms.quote_tokens.issue(request, price_book_version=book.version, at=now)
    return PricePreview(
        quote=quoted,
        quote_token=token,
        expires_at=expires_at,
        refusal_codes=_refusal_codes(quoted, ports, terms, now=now),
    )


def _refusal_codes(quoted: Quote, ports: Ports, terms: Terms, *, now: datetime) -> tuple[str, ...]:
    of_schedule = refusals(
        terms.schedule,
        quoted.request.pickup_date,
        quoted.request.pickup_time,
        now=now,
        zone=terms.zone,
        holidays=ports.holidays,
    )
    of_amount = terms.limits.refusal(quoted.total_cents)
    return (*of_schedule, *([of_amount.code] if of_amount else []))


async def _check_uses(
    quoted: Quote, book: PriceBook, ports: Ports, terms: Terms, *, email_key: str | None
) -> None:
    ids = {line.rule_id for line in quoted.lines if line.kind is LineKind.DISCOUNT}
    for code in book.discount_codes:
        if code.id in ids and await _is_used_up(code, ports, terms, email_key=email_key):
            raise InvalidInputError([DISCOUNT_UNAVAILABLE])


async def _is_used_up(
    code: DiscountCode, ports: Ports, terms: Terms, *, email_key: str | None
) -> bool:
    async with ports.unit_of_work() as uow:
        if code.max_uses is not None and await uow.discount_uses.count(code.id) >= code.max_uses:
            return True
        if code.max_uses_per_customer is None or email_key is None:
            return False
        used = await uow.discount_uses.count(
            code.id, email_key=email_key, pseudonym=terms.pseudonyms.of(email_key)
        )
        return used >= code.max_uses_per_customer
