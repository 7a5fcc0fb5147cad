"""The price book: one immutable document with everything a price depends on."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources
from typing import Protocol, Self, TypeVar
from uuid import UUID

from totetaxi_core.catalog import (
    BladeService,
    Fees,
    MiniMovePackage,
    OrganizingService,
    SpecialtyItem,
    StandardDelivery,
)
from totetaxi_core.document import Section, is_storable
from totetaxi_core.geography.point import Point
from totetaxi_core.geography.zip_code import five_digits
from totetaxi_core.price_book.cancellation_terms import CancellationTerms
from totetaxi_core.price_book.discount_code import DiscountCode
from totetaxi_core.price_book.surcharge_rule import SurchargeRule, zip_flaw, zone_flaw
from totetaxi_core.price_book.tax_rule import TaxRule

DEFAULT_BOOK = "price_book_2026.json"


class _Entry(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T")
EntryT = TypeVar("EntryT", bound=_Entry)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class PriceBook:
    """One version. Lists keep the document's order; a `points` entry is a ZIP's centre.

    Two books are the same when their `digest` is: SHA-256 of the canonical document, in hex.
    `document` is what the book was read from, to be stored and shown as it is.
    """

    version: int
    title: str
    mini_move_packages: tuple[MiniMovePackage, ...]
    organizing_services: tuple[OrganizingService, ...]
    specialty_items: tuple[SpecialtyItem, ...]
    standard_delivery: StandardDelivery
    blade_services: tuple[BladeService, ...]
    fees: Fees
    zones: Mapping[str, frozenset[str]]
    service_area: tuple[str, ...]
    surcharge_rules: tuple[SurchargeRule, ...]
    tax_rules: tuple[TaxRule, ...]
    discount_codes: tuple[DiscountCode, ...]
    cancellation_terms: CancellationTerms
    points: Mapping[str, Point]
    document: Mapping[str, object] = field(repr=False)

    @classmethod
    def default(cls) -> Self:
        """Return the company's own book of 2026, which is part of this package."""
        text = resources.files(__package__).joinpath(DEFAULT_BOOK).read_text("utf-8")
        return cls.from_document(json.loads(text))

    @classmethod
    def from_document(cls, document: object, *, version: int = 1) -> Self:
        """Read a book from parsed JSON.

        Raises:
            InvalidInputError: names every fault by its path, such as `surcharge_rules.3.zones.0`.
        """
        section = Section.root(document)
        if section.text("currency", default="USD") != "USD":
            section.fault("currency", "invalid_choice", "must be USD")
        zones = _zones(section)
        book = cls(
            version=version,
            title=section.text("title"),
            mini_move_packages=_entries(section, "mini_move_packages", MiniMovePackage.read),
            organizing_services=_entries(section, "organizing_services", OrganizingService.read),
            specialty_items=_entries(section, "specialty_items", SpecialtyItem.read),
            standard_delivery=_only(section, "standard_delivery", StandardDelivery.read),
            blade_services=_entries(section, "blade_services", BladeService.read),
            fees=_only(section, "fees", Fees.read),
            zones=zones,
            service_area=_service_area(section, zones),
            surcharge_rules=_entries(
                section, "surcharge_rules", lambda rule: SurchargeRule.read(rule, zones=zones)
            ),
            tax_rules=_entries(section, "tax_rules", TaxRule.read),
            discount_codes=_entries(section, "discount_codes", DiscountCode.read),
            cancellation_terms=CancellationTerms.read(section.sections("cancellation_terms")),
            points=_points(section),
            document=document if isinstance(document, Mapping) else {},
        )
        _refuse_twins(section, book)
        section.finish()
        return book

    @property
    def digest(self) -> str:
        canonical = json.dumps(
            self.document, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return sha256(canonical.encode()).hexdigest()

    def zone_of(self, zip_code: str) -> str | None:
        """Return the served zone that holds these five digits, the first if several do."""
        return next((zone for zone in self.service_area if zip_code in self.zones[zone]), None)


def _entries(section: Section, name: str, read: Callable[[Section], EntryT]) -> tuple[EntryT, ...]:
    """Read a list whose entries must differ in their id; one without an id is no twin."""
    entries: list[EntryT] = []
    seen: set[UUID] = set()
    for index, entry_section in enumerate(section.sections(name)):
        entry = read(entry_section)
        if entry.id.int and entry.id in seen:
            section.fault(f"{name}.{index}.id", "duplicate", f"{entry.id} is used twice")
        seen.add(entry.id)
        entries.append(entry)
    return tuple(entries)


def _only(section: Section, name: str, read: Callable[[Section], T]) -> T:
    inner = section.section(name)
    value = read(inner)
    inner.close()
    return value


def _zones(section: Section) -> dict[str, frozenset[str]]:
    zones: dict[str, frozenset[str]] = {}
    names = section.mapping("zones")
    inner = Section(names, path=section.at("zones"), faults=section.faults)
    for name in names:
        if not name.strip() or not is_storable(name):
            inner.fault(name, "invalid_name", "a zone needs a name of plain text")
        if not inner.has(name):
            inner.fault(name, "empty", "must list its ZIPs")
        zones[name] = frozenset(inner.texts(name, flaw=zip_flaw))
    return zones


def _service_area(section: Section, zones: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    if not section.has("service_area"):
        section.fault("service_area", "missing", "is required")
    named = section.texts("service_area", flaw=lambda zone: zone_flaw(zone, zones))
    return tuple(zone for zone in named if zone in zones)


def _points(section: Section) -> dict[str, Point]:
    points: dict[str, Point] = {}
    names = section.mapping("points")
    for zip_code in names:
        inner = Section(
            names[zip_code], path=section.at(f"points.{zip_code}"), faults=section.faults
        )
        if five_digits(zip_code) != zip_code:
            section.fault(f"points.{zip_code}", "invalid_zip", "must be five digits")
        points[zip_code] = Point(
            latitude=inner.number("latitude", minimum=-90, maximum=90),
            longitude=inner.number("longitude", minimum=-180, maximum=180),
        )
        inner.close()
    return points


def _refuse_twins(section: Section, book: PriceBook) -> None:
    """Note slugs and codes used twice: a quote line's `code` must tell its maker."""
    slugs: dict[str, Iterable[str]] = {
        "mini_move_packages": (entry.slug for entry in book.mini_move_packages),
        "organizing_services": (entry.slug for entry in book.organizing_services),
        "specialty_items": (entry.slug for entry in book.specialty_items),
        "blade_services": (entry.slug for entry in book.blade_services),
        "surcharge_rules": (entry.slug for entry in book.surcharge_rules),
        "tax_rules": (entry.slug for entry in book.tax_rules),
        "discount_codes": (entry.code.casefold() for entry in book.discount_codes),
    }
    for name, values in slugs.items():
        seen: set[str] = set()
        word = "code" if name == "discount_codes" else "slug"
        for index, value in enumerate(values):
            if value and value in seen:
                section.fault(f"{name}.{index}.{word}", "duplicate", f"{value} is used twice")
            seen.add(value)
