"""How long a crew would be busy, before there is a whole request to price."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.catalog.mini_move_package import DEFAULT_HOURS
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing.choices import FOREIGN_FIELDS
from totetaxi_core.pricing.compiled_book import CompiledBook, compiled
from totetaxi_core.refusal import FieldFault, InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChoice:
    """A service as far as it is chosen; what is open is taken at its longest."""

    service_type: ServiceType | None = None
    mini_move_package_id: UUID | None = None
    organizing_service_ids: tuple[UUID, ...] = ()
    blade_service_id: UUID | None = None


def hours_of(choice: ServiceChoice, book: PriceBook) -> int:
    """Return the hours of a choice.

    Raises:
        InvalidInputError: names every id that is unknown, inactive or of another service.
    """
    prices = compiled(book)
    faults = [*_faults(choice, prices)]
    if faults:
        raise InvalidInputError(faults)
    organizing = [prices.organizing[one].estimated_hours for one in choice.organizing_service_ids]
    return _service_hours(choice, prices) + sum(organizing)


def _service_hours(choice: ServiceChoice, prices: CompiledBook) -> int:
    if choice.mini_move_package_id is not None:
        return prices.packages[choice.mini_move_package_id].estimated_hours
    if choice.blade_service_id is not None:
        return prices.blade[choice.blade_service_id].estimated_hours
    longest = {
        ServiceType.MINI_MOVE: [one.estimated_hours for one in prices.packages.values()],
        ServiceType.BLADE_DELIVERY: [one.estimated_hours for one in prices.blade.values()],
        ServiceType.STANDARD_DELIVERY: [prices.book.standard_delivery.estimated_hours],
        ServiceType.ORGANIZING_ONLY: [one.estimated_hours for one in prices.organizing.values()],
        None: [DEFAULT_HOURS],
    }
    if choice.organizing_service_ids and choice.service_type is ServiceType.ORGANIZING_ONLY:
        return 0
    return max(longest[choice.service_type], default=DEFAULT_HOURS)


def _faults(choice: ServiceChoice, prices: CompiledBook) -> Iterator[FieldFault]:
    package, blade = choice.mini_move_package_id, choice.blade_service_id
    if package is not None and package not in prices.packages:
        yield _unavailable("mini_move_package_id")
    if blade is not None and blade not in prices.blade:
        yield _unavailable("blade_service_id")
    for index, service_id in enumerate(choice.organizing_service_ids):
        if service_id not in prices.organizing:
            yield _unavailable(f"organizing_service_ids.{index}")
    if choice.service_type is not None:
        for field in FOREIGN_FIELDS[choice.service_type]:
            if getattr(choice, field, None):
                message = f"does not belong to {choice.service_type.label}"
                yield FieldFault(field=field, code="not_applicable", message=message)


def _unavailable(field: str) -> FieldFault:
    return FieldFault(field=field, code="unavailable", message="is not one we offer")
