"""Quote tokens: a price we stand by for half an hour, though the book may change meanwhile.

Source: docs/pricing.md, "Quote tokens".
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from totetaxi_core.geography.zip_code import FIVE
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.refusal import DomainError
from totetaxi_core.signature import Signer

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
    """Issues and reads quote tokens."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        self._signer = Signer(secret, purpose=PURPOSE, previous_secret=previous_secret)

    def issue(
        self, request: QuoteRequest, *, price_book_version: int, at: datetime
    ) -> tuple[str, datetime]:
        """Return a token for this price, and the UTC instant it expires."""
        expires_at = at.astimezone(UTC) + LIFETIME
        claims = [price_book_version, at.timestamp(), expires_at.timestamp(), _fingerprint(request)]
        payload = urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode()
        return f"{payload}.{self._signer.sign(payload)}", expires_at

    def read(self, token: str, request: QuoteRequest, *, at: datetime) -> QuoteToken:
        """Return what the token says, at an aware instant.

        Raises:
            QuoteMismatchError: it was altered, or is for other pricing fields.
            QuoteExpiredError: its half hour is over.
        """
        payload, _, signature = token.partition(".")
        if not self._signer.is_ours(payload, signature):
            raise QuoteMismatchError("this quote token is not one we gave")
        version, quoted, expires, fingerprint = _claims(payload)
        if fingerprint != _fingerprint(request):
            raise QuoteMismatchError("this quote token is for another request")
        if at.timestamp() >= expires:
            raise QuoteExpiredError("this quote has expired: please ask for a new one")
        return QuoteToken(
            price_book_version=version,
            quoted_at=datetime.fromtimestamp(quoted, UTC),
            expires_at=datetime.fromtimestamp(expires, UTC),
        )


def _claims(payload: str) -> tuple[int, float, float, str]:
    try:
        version, quoted, expires, fingerprint = json.loads(urlsafe_b64decode(payload))
    except (Base64Error, ValueError) as error:
        raise QuoteMismatchError("this quote token is not one we gave") from error
    return version, quoted, expires, fingerprint


def _fingerprint(request: QuoteRequest) -> str:
    """Hash the pricing fields, normalised: sorted ids, five-digit ZIPs, the code without case."""
    fields = [
        request.service_type,
        request.pickup_date.isoformat(),
        request.pickup_time.isoformat(),
        request.pickup_zip[:FIVE],
        (request.delivery_zip or "")[:FIVE],
        str(request.mini_move_package_id or ""),
        sorted(str(service_id) for service_id in request.organizing_service_ids),
        str(request.blade_service_id or ""),
        request.item_count,
        sorted([str(item), pieces] for item, pieces in request.specialty_quantities.items()),
        [request.include_packing, request.include_unpacking, request.coi_required],
        request.same_day,
        request.total_weight_lb,
        (request.discount_code or "").strip().casefold(),
    ]
    return sha256(json.dumps(fields).encode()).hexdigest()
