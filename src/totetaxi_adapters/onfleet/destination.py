"""Our addresses as Onfleet's destinations."""

import json
import re
from hashlib import sha256
from typing import Final

from totetaxi_core.geography.address import Address
from totetaxi_core.geography.zip_code import FIVE

COUNTRY: Final = "USA"
LONGEST_NOTES: Final = 10_000
# Plain digits, then a street that begins with a word or an ordinal. Anything else ("12-34 56th
# Ave", "5 1/2 Main St", "One Vanderbilt", "350 5th Ave, Suite 3") is left to their own reader.
_NUMBER_AND_STREET = re.compile(r"(\d{1,6}) +((?:[A-Za-z]|\d+(?:st|nd|rd|th)\b)[A-Za-z0-9 .'-]*)")
_UNIT = re.compile(r"\b(apt|apartment|unit|suite|ste|floor|fl|room|rm|box|lot)\b", re.IGNORECASE)


def destination_of(address: Address) -> dict[str, object]:
    """Return the destination to create.

    With number and street apart it may carry the point, and is then not looked up by Onfleet.
    """
    destination: dict[str, object] = {}
    split = _split(address.address_line_1)
    if split is None:
        destination["address"] = _unparsed(address)
    else:
        destination["address"] = _parsed(address, *split)
        if address.point is not None:
            # Longitude first.
            destination["location"] = [address.point.longitude, address.point.latitude]
    if address.delivery_instructions:
        destination["notes"] = address.delivery_instructions[:LONGEST_NOTES]
    return destination


def mark_of(address: Address) -> str:
    """Return what tells whether a task's place is still ours: Onfleet rewrites every address."""
    written = json.dumps(destination_of(address), sort_keys=True)
    return sha256(written.encode()).hexdigest()[:16]


def _split(line: str) -> tuple[str, str] | None:
    plain = " ".join(line.split())
    match = _NUMBER_AND_STREET.fullmatch(plain)
    if match is None or _UNIT.search(plain):
        return None
    return match[1], match[2]


def _parsed(address: Address, house: str, street: str) -> dict[str, str]:
    return {
        "number": house,
        "street": street,
        **_apartment(address),
        "city": address.city,
        "state": address.state,
        "postalCode": address.zip_code[:FIVE],
        "country": COUNTRY,
    }


def _unparsed(address: Address) -> dict[str, str]:
    place = f"{address.state} {address.zip_code[:FIVE]}"
    lines = (" ".join(address.address_line_1.split()), address.city, place, COUNTRY)
    return {"unparsed": ", ".join(lines), **_apartment(address)}


def _apartment(address: Address) -> dict[str, str]:
    return {"apartment": address.address_line_2} if address.address_line_2 else {}
