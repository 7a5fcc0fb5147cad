from dataclasses import replace

import pytest

from tests.core.price_book.small_document import Document, id_of, small_book, small_document
from tests.core.pricing.sample_requests import (
    BLADE,
    DELIVERY,
    MINI_MOVE,
    ORGANIZING,
    asking,
    faults_of,
    pieces,
)
from totetaxi_core import InvalidInputError, PriceBook, QuoteRequest, ServiceType, quote

SENT: Document = {
    "delivery_zip": "11937",
    "mini_move_package_id": id_of("petite"),
    "organizing_service_ids": (id_of("pack"),),
    "blade_service_id": id_of("heli"),
    "item_count": 1,
    "specialty_items": pieces("bike"),
    "include_packing": True,
    "include_unpacking": True,
    "coi_required": True,
    "same_day": True,
    "total_weight_lb": 10,
}
SAMPLES = {request.service_type: request for request in (MINI_MOVE, DELIVERY, ORGANIZING, BLADE)}
FOREIGN = {
    ServiceType.MINI_MOVE: "blade_service_id same_day total_weight_lb",
    ServiceType.STANDARD_DELIVERY: (
        "mini_move_package_id organizing_service_ids blade_service_id total_weight_lb"
    ),
    ServiceType.ORGANIZING_ONLY: (
        "delivery_zip mini_move_package_id blade_service_id item_count specialty_items "
        "include_packing include_unpacking coi_required same_day total_weight_lb"
    ),
    ServiceType.BLADE_DELIVERY: (
        "mini_move_package_id organizing_service_ids specialty_items include_packing "
        "include_unpacking coi_required same_day"
    ),
}


@pytest.mark.parametrize("field", SENT)
@pytest.mark.parametrize("service", ServiceType)
def test_given_a_field_when_sent_to_each_service_then_only_its_own_are_taken(
    service: ServiceType, field: str
) -> None:
    request = asking(SAMPLES[service], **{field: SENT[field]})

    faults = faults_of(request, small_book())

    foreign = field in FOREIGN[service].split()
    assert faults == ([(field, "not_applicable")] if foreign else [])


@pytest.mark.parametrize(
    ("request_", "field", "empty"),
    [
        (MINI_MOVE, "total_weight_lb", 0),
        (DELIVERY, "total_weight_lb", 0),
        (ORGANIZING, "delivery_zip", ""),
        (ORGANIZING, "total_weight_lb", 0),
    ],
)
def test_given_a_foreign_field_of_nothing_when_sent_then_it_is_refused_all_the_same(
    request_: QuoteRequest, field: str, empty: object
) -> None:
    faults = faults_of(asking(request_, **{field: empty}), small_book())

    assert faults == [(field, "not_applicable")]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (MINI_MOVE, "delivery_zip"),
        (MINI_MOVE, "mini_move_package_id"),
        (DELIVERY, "delivery_zip"),
        (ORGANIZING, "organizing_service_ids"),
        (BLADE, "delivery_zip"),
        (BLADE, "blade_service_id"),
        (BLADE, "total_weight_lb"),
    ],
)
def test_given_a_required_field_when_left_out_then_it_is_missing(
    request_: QuoteRequest, field: str
) -> None:
    nothing = () if field == "organizing_service_ids" else None

    faults = faults_of(asking(request_, **{field: nothing}), small_book())

    assert faults == [(field, "missing")]


@pytest.mark.parametrize("slug", ["retired", "unknown"])
@pytest.mark.parametrize(
    ("request_", "field", "retired", "path"),
    [
        (MINI_MOVE, "mini_move_package_id", "retired-package", "mini_move_package_id"),
        (BLADE, "blade_service_id", "retired-heli", "blade_service_id"),
        (MINI_MOVE, "organizing_service_ids", "retired-pack", "organizing_service_ids.0"),
        (DELIVERY, "specialty_items", "retired-item", "specialty_items.0.id"),
    ],
)
def test_given_an_id_unknown_or_inactive_when_quoted_then_both_read_the_same(
    request_: QuoteRequest, field: str, retired: str, path: str, slug: str
) -> None:
    chosen = retired if slug == "retired" else "unknown"
    value: object = id_of(chosen)
    if field == "organizing_service_ids":
        value = (id_of(chosen),)
    if field == "specialty_items":
        value = pieces(chosen)

    faults = faults_of(asking(request_, **{field: value}), small_book())

    assert faults == [(path, "unavailable")]


@pytest.mark.parametrize(
    ("zip_code", "fault"),
    [
        ("90210", "outside_service_area"),  # a zone of the book, but not served
        ("00000", "outside_service_area"),
        ("1000a", "invalid_zip"),
        ("", "invalid_zip"),
        ("10001-12", "invalid_zip"),
        ("100010000", "invalid_zip"),
        (" 10001", "invalid_zip"),
        ("１０００１", "invalid_zip"),  # noqa: RUF001  wide digits are the point
    ],
)
def test_given_two_bad_addresses_when_quoted_then_both_are_named_at_once(
    zip_code: str, fault: str
) -> None:
    request = replace(MINI_MOVE, pickup_zip=zip_code, delivery_zip=zip_code)

    faults = faults_of(request, small_book())

    assert faults == [("pickup_zip", fault), ("delivery_zip", fault)]


def test_given_addresses_outside_the_area_alone_when_refused_then_the_code_says_so() -> None:
    request = replace(MINI_MOVE, pickup_zip="90210", delivery_zip="00000-1234")

    with pytest.raises(InvalidInputError) as refused:
        quote(request, small_book())

    assert refused.value.code == "outside_service_area"
    assert refused.value.field == "pickup_zip"


def test_given_a_zip_plus_four_when_quoted_then_the_price_is_that_of_five_digits() -> None:
    plain = quote(MINI_MOVE, small_book())

    longer = quote(
        replace(MINI_MOVE, pickup_zip="10001-1234", delivery_zip="11937-0000"), small_book()
    )

    assert longer.lines == plain.lines


@pytest.mark.parametrize(
    ("slugs", "faults"),
    [
        (("pack", "grand-pack"), [("organizing_service_ids", "too_many")]),
        (("pack", "pack"), [("organizing_service_ids", "too_many")]),
        (("unpack", "unpack"), [("organizing_service_ids", "too_many")]),
        (("pack", "nothing"), [("organizing_service_ids.1", "unavailable")]),
    ],
)
def test_given_two_visits_of_one_kind_when_quoted_then_it_is_one_too_many(
    slugs: tuple[str, ...], faults: list[tuple[str, str]]
) -> None:
    ids = tuple(id_of(slug) for slug in slugs)

    found = faults_of(asking(ORGANIZING, organizing_service_ids=ids), small_book())

    assert found == faults


@pytest.mark.parametrize(
    ("choices", "faults"),
    [
        (pieces("bike", quantity=6), [("specialty_items", "too_many")]),
        (pieces(*["bike"] * 3, *["board"] * 3), [("specialty_items", "too_many")]),
        (pieces("bike", quantity=0), [("specialty_items.0.quantity", "too_small")]),
        (
            (*pieces("board"), *pieces("bike", quantity=-1)),
            [("specialty_items.1.quantity", "too_small")],
        ),
        (
            (*pieces("bike", quantity=6), *pieces("bike", quantity=-1)),
            [("specialty_items.1.quantity", "too_small")],
        ),
    ],
)
def test_given_pieces_too_many_or_too_few_when_quoted_then_they_are_refused(
    choices: tuple[object, ...], faults: list[tuple[str, str]]
) -> None:
    found = faults_of(asking(MINI_MOVE, specialty_items=choices), small_book())

    assert found == faults


@pytest.mark.parametrize(
    ("request_", "item_count", "refused"),
    [
        (MINI_MOVE, 3, False),
        (MINI_MOVE, 4, True),
        (MINI_MOVE, 0, True),
        (DELIVERY, 0, True),
        (DELIVERY, -1, True),
        (DELIVERY, 10_000, False),
        (DELIVERY, 10_001, True),
        (replace(MINI_MOVE, mini_move_package_id=id_of("roomy")), 4_000, False),
    ],
)
def test_given_a_count_of_items_when_quoted_then_the_packages_limit_holds(
    request_: QuoteRequest, item_count: int, *, refused: bool
) -> None:
    faults = faults_of(replace(request_, item_count=item_count), small_book())

    assert faults == ([("item_count", "out_of_range")] if refused else [])


@pytest.mark.parametrize(
    ("weight_lb", "refused"), [(1, False), (100, False), (101, True), (0, True), (-5, True)]
)
def test_given_a_weight_when_it_flies_then_it_is_within_the_limit(
    weight_lb: int, *, refused: bool
) -> None:
    faults = faults_of(replace(BLADE, total_weight_lb=weight_lb), small_book())

    assert faults == ([("total_weight_lb", "out_of_range")] if refused else [])


def test_given_a_zip_without_a_point_when_flown_from_then_it_is_named() -> None:
    faults = faults_of(replace(BLADE, pickup_zip="10002"), small_book())

    assert faults == [("pickup_zip", "distance_unknown")]


def test_given_a_zip_without_a_point_when_driven_from_then_no_point_is_needed() -> None:
    book = PriceBook.from_document(small_document(points={}))

    faults = faults_of(replace(MINI_MOVE, pickup_zip="10002"), book)

    assert faults == []


def test_given_many_faults_when_quoted_then_all_are_named_under_one_code() -> None:
    request = replace(
        MINI_MOVE,
        pickup_zip="x",
        delivery_zip="90210",
        mini_move_package_id=None,
        item_count=0,
        specialty_items=pieces("bike", quantity=6),
        same_day=True,
    )

    with pytest.raises(InvalidInputError) as refused:
        quote(request, small_book())

    assert refused.value.code == "invalid"
    assert {fault.field for fault in refused.value.faults} == {
        "pickup_zip",
        "delivery_zip",
        "mini_move_package_id",
        "item_count",
        "specialty_items",
        "same_day",
    }
