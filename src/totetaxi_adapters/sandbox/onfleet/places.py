"""Destinations: an address is looked up, comes back in other words, or cannot be found."""

from hashlib import sha256
from http import HTTPStatus
from typing import Final

from totetaxi_adapters.sandbox.onfleet.fields import Asked, Fields
from totetaxi_adapters.sandbox.onfleet.ids import new_id
from totetaxi_adapters.sandbox.onfleet.metadata import read_metadata
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import GEOCODING, Answer, Json, invalid

KIND: Final = "destination"
KNOWN: Final = ("address", "location", "notes", "options", "metadata")
PARTS: Final = ("number", "street", "apartment", "city", "state", "postalCode", "country", "name")
NEEDED: Final = ("number", "street", "city", "country")
NOT_FOUND: Final = "nowhere"  # an address with this word cannot be found
VAGUE: Final = "partial"  # and one with this one only about
REWRITTEN: Final = {
    "state": {"NY": "New York", "NJ": "New Jersey", "CT": "Connecticut", "FL": "Florida"},
    "country": {"US": "United States", "USA": "United States"},
}
SPELLED_OUT: Final = {"Ave": "Avenue", "St": "Street", "Rd": "Road", "Ln": "Lane", "Dr": "Drive"}
WEST, SOUTH, SPAN = -74.0, 40.7, 0.1  # a place of New York, told by the address


async def create_destination(organization: Organization, asked: Asked, _: str) -> Answer:
    place = read_place(asked.fields(*KNOWN))
    await organization.add(KIND, place)
    return Answer(HTTPStatus.OK, place)


async def retrieve_destination(organization: Organization, _: Asked, place_id: str) -> Answer:
    return Answer(HTTPStatus.OK, await organization.find(KIND, place_id))


async def destination_of(organization: Organization, value: object) -> str:
    """Return the id of the destination that was named, or described.

    Raises:
        OnfleetRefusal: there is none, or its address cannot be found.
    """
    if isinstance(value, str):
        return str((await organization.find(KIND, value))["id"])
    fields = Fields(value, where="destination")
    fields.refuse_unknown(KNOWN)
    place = read_place(fields)
    await organization.add(KIND, place)
    return str(place["id"])


def read_place(fields: Fields) -> Json:
    """Look the address up.

    Raises:
        OnfleetRefusal: it is incomplete, or cannot be found.
    """
    address = fields.group("address")
    address.refuse_unknown((*PARTS, "unparsed"))
    location = _location(fields)
    unparsed = address.text("unparsed")
    if unparsed and location:
        raise invalid("unparsed cannot be sent together with location")
    parsed = _split(unparsed, address) if unparsed else _parts(address)
    warnings = [] if location else _lookup(parsed, error=GEOCODING if unparsed else 1000)
    return {
        "id": new_id(),
        "address": _rewritten(parsed),
        "location": location or _somewhere(parsed),
        "notes": fields.text("notes") or "",
        "metadata": read_metadata(fields.listed("metadata")),
        "googlePlaceId": f"sandbox-{_digest(parsed)[:16]}",
        "warnings": warnings,
    }


def _location(fields: Fields) -> list[float] | None:
    values = fields.listed("location", most=2)
    if not values:
        return None
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != len("xy") or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:  # noqa: PLR2004  degrees
        raise invalid("location must be [longitude, latitude]")
    return numbers


def _parts(address: Fields) -> dict[str, str]:
    parts = {name: address.text(name, most=500) or "" for name in PARTS}
    for name in NEEDED:
        if not parts[name].strip():
            raise invalid(f"address.{name} is required")
    return parts


def _split(unparsed: str, address: Fields) -> dict[str, str]:
    """Make parts of a line such as `350 5th Ave, New York, NY 10118, USA`, as far as possible."""
    line, city, region, country, *_ = [*(one.strip() for one in unparsed.split(",")), *[""] * 4]
    first, _, rest = line.partition(" ")
    has_number = any(letter.isdigit() for letter in first)
    state, _, postal_code = region.partition(" ")
    return {
        "number": first if has_number else "",
        "street": rest if has_number else line,
        "apartment": address.text("apartment") or "",
        "city": city,
        "state": state,
        "postalCode": postal_code,
        "country": country or "USA",
        "name": address.text("name") or "",
    }


def _lookup(parts: dict[str, str], *, error: int) -> list[str]:
    words = " ".join(parts.values()).lower()
    if NOT_FOUND in words:
        raise invalid("Geocoding errors found.", error=error)
    return ["PARTIAL_MATCH"] if VAGUE in words else []


def _rewritten(parts: dict[str, str]) -> Json:
    words = [SPELLED_OUT.get(word.rstrip("."), word) for word in parts["street"].split()]
    told = parts | {"street": " ".join(words)}
    return told | {name: names.get(told[name], told[name]) for name, names in REWRITTEN.items()}


def _somewhere(parts: dict[str, str]) -> list[float]:
    digest = int(_digest(parts)[:8], 16)
    east, north = divmod(digest, 1 << 16)
    degrees = WEST + SPAN * east / (1 << 16), SOUTH + SPAN * north / (1 << 16)
    return [round(one, 6) for one in degrees]


def _digest(parts: dict[str, str]) -> str:
    return sha256("|".join(parts.values()).lower().encode()).hexdigest()
