import json
from hashlib import sha256

import zipcodes

from totetaxi_core import PriceBook

# The company's document as it came, without `points`, which are ours.
PRICES_SHA256 = "fd0d437f48e6f096fd1e4721da3bdeff93422add2b2528ca9fc66d3e9991aa6c"


def test_given_the_shipped_book_when_hashed_without_points_then_it_is_the_companys() -> None:
    document = dict(PriceBook.default().document)

    del document["points"]

    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(canonical.encode()).hexdigest() == PRICES_SHA256


def test_given_the_shipped_book_when_read_then_nothing_of_it_is_lost() -> None:
    book = PriceBook.default()

    assert book.title == "ToteTaxi 2026"
    assert [package.base_price_cents for package in book.mini_move_packages] == [
        99_500,
        172_500,
        249_000,
    ]
    assert len(book.organizing_services) == 6
    assert len(book.specialty_items) == 4
    assert len(book.surcharge_rules) == 20
    assert [rule.rate_bp for rule in book.tax_rules] == [825]
    assert len(book.zones) == len(book.service_area) == 10


def test_given_the_shipped_book_when_its_points_are_looked_up_then_they_are_the_packages() -> None:
    book = PriceBook.default()

    known = {zip_code: _place(zip_code) for zip_code in book.points}

    served = frozenset().union(*(book.zones[zone] for zone in book.service_area))
    assert frozenset(book.points) == served
    assert {zip_code: (at.latitude, at.longitude) for zip_code, at in book.points.items()} == {
        zip_code: (float(place["lat"]), float(place["long"])) for zip_code, place in known.items()
    }


def _place(zip_code: str) -> dict[str, str]:
    places: list[dict[str, str]] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    return places[0]


def test_given_the_shipped_book_when_a_zip_is_looked_up_then_its_zone_answers() -> None:
    book = PriceBook.default()

    zones = [book.zone_of(zip_code) for zip_code in ("10001", "11937", "11954", "07302", "90210")]

    assert zones == ["manhattan", "hamptons_west", "hamptons_east", "hudson_county_nj", None]
