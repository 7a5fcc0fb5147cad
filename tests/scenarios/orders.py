"""Orders that break the house's rules with the faults they are due, and orders that just pass."""

from typing import Final

from tests.scenarios.guest import PETITE, Json, a_delivery_address, an_address
from totetaxi_core.price_book import PriceBook

BOOK: Final = PriceBook.default()
BEFORE_THE_CUTOFF: Final = "2026-11-30T17:30:00-05:00"  # a Monday
AT_THE_CUTOFF: Final = "2026-11-30T18:00:00-05:00"
TOMORROW: Final = "2026-12-01"
WEDNESDAY: Final = "2026-12-02"
UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
PACKING: Final = [str(one.id) for one in BOOK.organizing_services if one.is_packing]
PELOTON, SURFBOARD, RETIRED_ITEM, _ = (str(one.id) for one in BOOK.specialty_items)
RETIRED_PACKAGE: Final = str(BOOK.mini_move_packages[1].id)
BLADE: Final[Json] = {
    "service_type": "blade_delivery",
    "mini_move_package_id": None,
    "blade_service_id": str(BOOK.blade_services[0].id),
    "total_weight_lb": 100,
}
DELIVERY: Final[Json] = {"service_type": "standard_delivery", "mini_move_package_id": None}
ORGANIZING: Final[Json] = {
    "service_type": "organizing_only",
    "mini_move_package_id": None,
    "organizing_service_id": PACKING[0],
    "delivery_address": None,
}

REFUSED: Final[dict[str, tuple[Json, set[tuple[str, str]]]]] = {
    "yesterday": (
        {"pickup_date": "2026-11-29"},
        {("pickup_date", "past"), ("pickup_date", "weekend")},
    ),
    "today": ({"pickup_date": "2026-11-30"}, {("pickup_date", "same_day")}),
    "a Saturday": ({"pickup_date": "2026-12-05"}, {("pickup_date", "weekend")}),
    "Christmas": ({"pickup_date": "2026-12-25"}, {("pickup_date", "holiday")}),
    "an observed holiday": (
        {"pickup_date": "2027-07-05"},
        {("pickup_date", "holiday"), ("pickup_date", "horizon")},
    ),
    "too far ahead": ({"pickup_date": "2027-06-01"}, {("pickup_date", "horizon")}),
    "06:59": ({"pickup_time": "06:59"}, {("pickup_time", "outside_pickup_hours")}),
    "12:01": ({"pickup_time": "12:01"}, {("pickup_time", "outside_pickup_hours")}),
    "no whole minute": ({"pickup_time": "09:00:30"}, {("pickup_time", "outside_pickup_hours")}),
    "both addresses the same": (
        {"delivery_address": an_address()},
        {("delivery_address", "same_address")},
    ),
    "both addresses the same, written otherwise": (
        {"delivery_address": an_address(address_line_1="350  5TH AVE ", zip_code="10001-0001")},
        {("delivery_address", "same_address")},
    ),
    "half a point": (
        {"pickup_address": an_address(latitude=40.7)},
        {("pickup_address.longitude", "missing")},
    ),
    "a ZIP elsewhere": (
        {"delivery_address": a_delivery_address(zip_code="90210-1234")},
        {("delivery_address.zip_code", "outside_service_area")},
    ),
    "both ZIPs elsewhere": (
        {
            "pickup_address": an_address(zip_code="60601"),
            "delivery_address": a_delivery_address(zip_code="90210"),
        },
        {
            ("pickup_address.zip_code", "outside_service_area"),
            ("delivery_address.zip_code", "outside_service_area"),
        },
    ),
    "no delivery address": ({"delivery_address": None}, {("delivery_address", "missing")}),
    "no package": ({"mini_move_package_id": None}, {("mini_move_package_id", "missing")}),
    "an unknown package": (
        {"mini_move_package_id": UNKNOWN},
        {("mini_move_package_id", "unavailable")},
    ),
    "an inactive package": (
        {"mini_move_package_id": RETIRED_PACKAGE},
        {("mini_move_package_id", "unavailable")},
    ),
    "unknown organizing": (
        {"organizing_service_ids": [PACKING[0], UNKNOWN]},
        {("organizing_service_ids.1", "unavailable")},
    ),
    "unknown organizing, one": (
        {"organizing_service_id": UNKNOWN},
        {("organizing_service_id", "unavailable")},
    ),
    "both spellings of organizing": (
        {"organizing_service_id": PACKING[0], "organizing_service_ids": [PACKING[0]]},
        {("organizing_service_id", "conflicting")},
    ),
    "two packings": (
        {"organizing_service_ids": PACKING[:2]},
        {("organizing_service_ids", "too_many")},
    ),
    "the same packing twice": (
        {"organizing_service_ids": [PACKING[0], PACKING[0]]},
        {("organizing_service_ids", "too_many")},
    ),
    "an unknown item and an inactive one": (
        {"specialty_items": [{"id": PELOTON}, {"id": UNKNOWN}, {"id": RETIRED_ITEM}]},
        {("specialty_items.1.id", "unavailable"), ("specialty_items.2.id", "unavailable")},
    ),
    "six pieces": (
        {"specialty_items": [{"id": PELOTON, "quantity": 6}]},
        {("specialty_items", "too_many")},
    ),
    "six pieces of three": (
        {
            "specialty_items": [
                {"id": PELOTON, "quantity": 2},
                {"id": SURFBOARD, "quantity": 2},
                {"id": PELOTON, "quantity": 2},
            ]
        },
        {("specialty_items", "too_many")},
    ),
    "too many things": (
        {"item_count": 16, "item_description": "Boxes"},
        {("item_count", "out_of_range")},
    ),
    "things nobody named": ({"item_count": 3}, {("item_description", "missing")}),
    "things of blanks": (
        {"item_count": 3, "item_description": " \n "},
        {("item_description", "missing")},
    ),
    "what belongs to other services": (
        {"same_day": True, "total_weight_lb": 5, "blade_service_id": UNKNOWN},
        {
            ("same_day", "not_applicable"),
            ("total_weight_lb", "not_applicable"),
            ("blade_service_id", "not_applicable"),
        },
    ),
    "a package for a delivery": (
        {**DELIVERY, "mini_move_package_id": str(PETITE.id), "organizing_service_id": PACKING[0]},
        {
            ("mini_move_package_id", "not_applicable"),
            ("organizing_service_id", "not_applicable"),
        },
    ),
    "a flight without a weight": (
        {**BLADE, "total_weight_lb": None, "blade_service_id": None},
        {("total_weight_lb", "missing"), ("blade_service_id", "missing")},
    ),
    "a flight too heavy": (
        {**BLADE, "total_weight_lb": 501},
        {("total_weight_lb", "out_of_range")},
    ),
    "organizing with a delivery": (
        {**ORGANIZING, "delivery_address": a_delivery_address()},
        {("delivery_address", "not_applicable")},
    ),
    "organizing without any": (
        {**ORGANIZING, "organizing_service_id": None},
        {("organizing_service_ids", "missing")},
    ),
    "everything that can be found out together": (
        {
            "pickup_date": "2026-12-05",
            "pickup_time": "12:01",
            "mini_move_package_id": UNKNOWN,
            "organizing_service_id": PACKING[0],
            "organizing_service_ids": [PACKING[0]],
            "pickup_address": an_address(latitude=40.7, zip_code="60601"),
            "delivery_address": an_address(zip_code="60601"),
            "item_count": 3,
        },
        {
            ("pickup_date", "weekend"),
            ("pickup_time", "outside_pickup_hours"),
            ("mini_move_package_id", "unavailable"),
            ("organizing_service_id", "conflicting"),
            ("pickup_address.longitude", "missing"),
            ("pickup_address.zip_code", "outside_service_area"),
            ("delivery_address.zip_code", "outside_service_area"),
            ("delivery_address", "same_address"),
            ("item_description", "missing"),
        },
    ),
    "wrong types and broken rules": (
        {
            "phone": 5,
            "first_name": "",
            "include_packing": "yes",
            "pickup_date": "2026-12-05",
            "pickup_time": "06:59",
            "mini_move_package_id": UNKNOWN,
            "specialty_items": [{"id": PELOTON, "quantity": 6}],
            "delivery_address": an_address(),
            "item_count": 3,
        },
        {
            ("phone", "wrong_type"),
            ("first_name", "blank"),
            ("include_packing", "wrong_type"),
            ("pickup_date", "weekend"),
            ("pickup_time", "outside_pickup_hours"),
            ("mini_move_package_id", "unavailable"),
            ("specialty_items", "too_many"),
            ("delivery_address", "same_address"),
            ("item_description", "missing"),
        },
    ),
    "a wrong type within an address and broken rules": (
        {
            "pickup_address": an_address(city=5),
            "delivery_address": a_delivery_address(zip_code="90210", latitude=1),
            "pickup_time": "06:59",
        },
        {
            ("pickup_address.city", "wrong_type"),
            ("delivery_address.zip_code", "outside_service_area"),
            ("delivery_address.longitude", "missing"),
            ("pickup_time", "outside_pickup_hours"),
        },
    ),
}
ACCEPTED: Final[dict[str, Json]] = {
    "tomorrow": {"pickup_date": TOMORROW},
    "07:00": {"pickup_time": "07:00"},
    "12:00": {"pickup_time": "12:00:00"},
    "the last day": {"pickup_date": "2027-05-28"},
    "ZIP+4": {"delivery_address": a_delivery_address(zip_code=" 11937-2408 ")},
    "other alphabets": {
        "first_name": "Зоя",
        "last_name": "李 小龍",
        "special_instructions": "שלום\n🎹 please\tring",
        "pickup_address": an_address(address_line_2="Ÿ 5º"),
    },
    "the same item twice": {
        "specialty_items": [{"id": PELOTON}, {"id": PELOTON, "quantity": 2}, {"id": SURFBOARD}]
    },
    "the same street, another flat": {"delivery_address": an_address(address_line_2="Apt 2")},
    "a delivery": {**DELIVERY, "item_count": 4, "item_description": "Boxes", "same_day": True},
    "a flight": BLADE,
    "organizing": ORGANIZING,
    "an address of its own domain's alphabet": {"email": "jurgen@exämple.de"},
}
