"""What a request chose, looked up in the book; a request that breaks a rule is refused here.

Source: docs/pricing.md, "What belongs to which service".
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from totetaxi_core.catalog import (
    BladeService,
    MiniMovePackage,
    OrganizingService,
    ServiceType,
    SpecialtyItem,
)
from totetaxi_core.geography.zip_code import FIVE, five_digits
from totetaxi_core.pricing.compiled_book import CompiledBook
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.refusal import FieldFault, InvalidInputError

EntryT = TypeVar("EntryT")
MAX_SPECIALTY_PIECES = 5
MAX_ITEMS = 10_000

FOREIGN_FIELDS: dict[ServiceType, tuple[str, ...]] = {
    ServiceType.MINI_MOVE: ("blade_service_id", "same_day", "total_weight_lb"),
    ServiceType.STANDARD_DELIVERY: (
        "mini_move_package_id",
        "organizing_service_ids",
        "blade_service_id",
        "total_weight_lb",
    ),
    ServiceType.ORGANIZING_ONLY: (
        "delivery_zip",
        "mini_move_package_id",
        "blade_service_id",
        "item_count",
        "specialty_items",
        "include_packing",
        "include_unpacking",
        "coi_required",
        "same_day",
        "total_weight_lb",
    ),
    ServiceType.BLADE_DELIVERY: (
        "mini_move_package_id",
        "organizing_service_ids",
        "specialty_items",
        "include_packing",
        "include_unpacking",
        "coi_required",
        "same_day",
    ),
}
foreign_values: dict[ServiceType, Callable[[QuoteRequest], tuple[object, ...]]] = {
    service: attrgetter(*names) for service, names in FOREIGN_FIELDS.items()
}
# What these fields hold when they were not sent: a 0 or an empty text was.
UNSENT = {field.name: field.default for field in fields(QuoteRequest)}
UNSENT_VALUES = {
    service: tuple(UNSENT[field] for field in names) for service, names in FOREIGN_FIELDS.items()
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Entries in the book's order; `delivery_zip` is None for organizing_only."""

    pickup_zip: str
    delivery_zip: str | None
    package: MiniMovePackage | None
    organizing: tuple[OrganizingService, ...]
    specialty: tuple[tuple[SpecialtyItem, int], ...]
    blade: BladeService | None


def choose(request: QuoteRequest, prices: CompiledBook) -> Choices:
    """Look up what was chosen.

    Raises:
        InvalidInputError: names every field that is missing, unknown, inactive or out of place.
    """
    faults = _Faults(request)
    if foreign_values[request.service_type](request) != UNSENT_VALUES[request.service_type]:
        faults.foreign()
    choices = Choices(
        _zip(request.pickup_zip, "pickup_zip", prices, faults),
        _delivery_zip(request, prices, faults),
        _package(request, prices, faults),
        _organizing(request, prices, faults),
        _specialty(request, prices, faults) if request.specialty_items else (),
        _blade(request, prices, faults),
    )
    _check_items(request, choices.package, faults)
    if faults.noted:
        raise InvalidInputError(faults.noted)
    return choices


class _Faults:
    def __init__(self, request: QuoteRequest) -> None:
        self._request = request
        self.noted: list[FieldFault] = []

    def note(self, field: str, code: str, message: str) -> None:
        self.noted.append(FieldFault(field=field, code=code, message=message))

    def missing(self, field: str) -> None:
        self.note(field, "missing", f"is required for {self._request.service_type.label}")

    def unknown(self, field: str, what: str) -> None:
        self.note(field, "unavailable", f"is not {what} we offer")

    def foreign(self) -> None:
        service = self._request.service_type
        for field in FOREIGN_FIELDS[service]:
            if getattr(self._request, field) != UNSENT[field]:
                self.note(field, "not_applicable", f"does not belong to {service.label}")


def _zip(zip_code: str, field: str, prices: CompiledBook, faults: _Faults) -> str:
    five = zip_code if len(zip_code) == FIVE else five_digits(zip_code)
    if five is None or five not in prices.served_zips:
        if five is None or five_digits(five) is None:
            faults.note(field, "invalid_zip", "must be like 12345 or 12345-6789")
        else:
            faults.note(field, "outside_service_area", f"{five} is outside our service area")
        return zip_code[:FIVE]
    return five


def _delivery_zip(request: QuoteRequest, prices: CompiledBook, faults: _Faults) -> str | None:
    if request.service_type is ServiceType.ORGANIZING_ONLY:
        return None
    if request.delivery_zip is None:
        faults.missing("delivery_zip")
        return None
    return _zip(request.delivery_zip, "delivery_zip", prices, faults)


def _package(
    request: QuoteRequest, prices: CompiledBook, faults: _Faults
) -> MiniMovePackage | None:
    if request.service_type is not ServiceType.MINI_MOVE:
        return None
    if request.mini_move_package_id is None:
        faults.missing("mini_move_package_id")
        return None
    package = prices.packages.get(request.mini_move_package_id)
    if package is None:
        faults.unknown("mini_move_package_id", "a package")
    return package


def _organizing(
    request: QuoteRequest, prices: CompiledBook, faults: _Faults
) -> tuple[OrganizingService, ...]:
    ids = request.organizing_service_ids
    if not ids:
        if request.service_type is ServiceType.ORGANIZING_ONLY:
            faults.missing("organizing_service_ids")
        return ()
    for index, service_id in enumerate(ids):
        if service_id not in prices.organizing:
            faults.unknown(f"organizing_service_ids.{index}", "an organizing service")
    chosen = [
        prices.organizing[service_id] for service_id in ids if service_id in prices.organizing
    ]
    for is_packing, word in ((True, "packing"), (False, "unpacking")):
        if sum(service.is_packing is is_packing for service in chosen) > 1:
            faults.note("organizing_service_ids", "too_many", f"at most one {word} service")
    return tuple(_in_book_order(prices.organizing, set(ids)))


def _specialty(
    request: QuoteRequest, prices: CompiledBook, faults: _Faults
) -> tuple[tuple[SpecialtyItem, int], ...]:
    for index, choice in enumerate(request.specialty_items):
        if choice.id not in prices.specialty:
            faults.unknown(f"specialty_items.{index}.id", "a specialty item")
        if choice.quantity < 1:
            faults.note(f"specialty_items.{index}.quantity", "too_small", "must be at least 1")
    quantities = request.specialty_quantities
    if sum(quantities.values()) > MAX_SPECIALTY_PIECES:
        faults.note("specialty_items", "too_many", f"at most {MAX_SPECIALTY_PIECES} pieces in all")
    items = _in_book_order(prices.specialty, set(quantities))
    return tuple((item, quantities[item.id]) for item in items)


def _in_book_order(entries: dict[UUID, EntryT], chosen: set[UUID]) -> list[EntryT]:
    return [entry for entry_id, entry in entries.items() if entry_id in chosen]


def _blade(request: QuoteRequest, prices: CompiledBook, faults: _Faults) -> BladeService | None:
    if request.service_type is not ServiceType.BLADE_DELIVERY:
        return None
    if request.total_weight_lb is None:
        faults.missing("total_weight_lb")
    if request.blade_service_id is None:
        faults.missing("blade_service_id")
        return None
    service = prices.blade.get(request.blade_service_id)
    if service is None:
        faults.unknown("blade_service_id", "a BLADE service")
        return None
    _check_flight(request, service, prices, faults)
    return service


def _check_flight(
    request: QuoteRequest, service: BladeService, prices: CompiledBook, faults: _Faults
) -> None:
    weight = request.total_weight_lb
    if weight is not None and not 1 <= weight <= service.max_weight_lb:
        message = f"must be between 1 and {service.max_weight_lb} lb"
        faults.note("total_weight_lb", "out_of_range", message)
    for field in ("pickup_zip", "delivery_zip"):
        zip_code = getattr(request, field)
        served = zip_code is not None and zip_code[:FIVE] in prices.served_zips
        if served and zip_code[:FIVE] not in prices.book.points:
            faults.note(field, "distance_unknown", "we cannot measure the flight from here")


def _check_items(request: QuoteRequest, package: MiniMovePackage | None, faults: _Faults) -> None:
    count = request.item_count
    if count is None:
        return
    most = (package.max_items if package else None) or MAX_ITEMS
    if not 1 <= count <= most:
        faults.note("item_count", "out_of_range", f"must be between 1 and {most}")
