"""The cart key: how a second order of the same cart is known for what it is."""

import json
from hashlib import sha256

from totetaxi_core.geography.address import Address
from totetaxi_core.pricing.quote import Quote


def cart_key(email_key: str, quote: Quote, *, pickup: Address, delivery: Address | None) -> str:
    """Hash e-mail, date, time, service, addresses and total, in hex."""
    request = quote.request
    parts = [
        email_key,
        request.pickup_date.isoformat(),
        request.pickup_time.isoformat(),
        request.service_type,
        pickup.door,
        delivery.door if delivery else None,
        quote.total_cents,
    ]
    return sha256(json.dumps(parts).encode()).hexdigest()
