"""Quote tokens: a price we stand by for half an hour, though the book may change meanwhile.

Source: docs/pricing.md, "Quote tokens".
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from totetaxi_core.geography.zip_code import FIVE
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.refusal import DomainError
from totetaxi_core.signature import QuickSigner

LIFETIME = timedelta(minutes=30)
PURPOSE = "quote-token"


class QuoteMismatchError(DomainError):
    """The token was altered, or was given for other pricing fields."""

    code = "quote_mismatch"
    field = "quote_token"


class QuoteExpiredError(DomainError):
    """The token's half hour is over."""

    code = "quote_expired"
    field = "quote_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteToken:
    """What a token says: whose prices, from when (inclusive) until when (exclusive), in UTC."""

    price_book_version: int
    quoted_at: datetime
    expires_at: datetime


class QuoteTokens:
    """Issues and reads quote tokens: what they say, and a signature over that and the request."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        self._signer = QuickSigner(secret, purpose=PURPOSE, previous_secret=previous_secret)

    def issue(
        self, request: QuoteRequest, *, price_book_version: int, at: datetime
    ) -> tuple[str, datetime]:
        """Return a token for this price, and the UTC instant it expires."""
        expires_at = at.astimezone(UTC) + LIFETIME
        claims = f"{price_book_version}_{at.timestamp()}_{expires_at.timestamp()}"
        return f"{claims}.{self._signer.sign(claims + _fields(request))}", expires_at

    def read(self, token: str, request: QuoteRequest, *, at: datetime) -> QuoteToken:
        """Return what the token says, at an aware instant.

        Raises:
            QuoteMismatchError: it was altered, or is for other pricing fields.
            QuoteExpiredError: its half hour is over.
        """
        claims, _, signature = token.rpartition(".")
        if not self._signer.is_ours(claims + _fields(request), signature):
            raise QuoteMismatchError("this quote token is not one we gave for this request")
        version, quoted, expires = claims.split("_")
        if at.timestamp() >= float(expires):
            raise QuoteExpiredError("this quote has expired: please ask for a new one")
        return QuoteToken(
            price_book_version=int(version),
            quoted_at=datetime.fromtimestamp(float(quoted), UTC),
            expires_at=datetime.fromtimestamp(float(expires), UTC),
        )


def _fields(request: QuoteRequest) -> str:
    """Return the pricing fields, normalised: sorted ids, five-digit ZIPs, the code without case."""
    fields = [
        str(request.service_type),
        request.pickup_date.isoformat(),
        request.pickup_time.isoformat(),
        request.pickup_zip[:FIVE],
        (request.delivery_zip or "")[:FIVE],
        request.mini_move_package_id and request.mini_move_package_id.int,
        sorted([service_id.int for service_id in request.organizing_service_ids]),
        request.blade_service_id and request.blade_service_id.int,
        request.item_count,
        sorted([(item.int, pieces) for item, pieces in request.specialty_quantities.items()]),
        [request.include_packing, request.include_unpacking, request.coi_required],
        request.same_day,
        request.total_weight_lb,
        (request.discount_code or "").strip().casefold(),
    ]
    return repr(fields)
