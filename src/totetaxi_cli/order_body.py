"""From options to the body HTTP would get, so that both refuse alike; slugs stand for ids."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from litestar.datastructures import State

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.order_options import (
    BLADE,
    ITEM,
    ORGANIZING,
    PACKAGE,
    BookingOptions,
    ChoiceOptions,
    PricingOptions,
)
from totetaxi_core.price_book import PriceBook
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.structuring import structure_body

NOT_AN_ID = "not_a_uuid"


class _Entry(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def is_active(self) -> bool: ...


# By the body's field: the option that names it, and where the book keeps its entries.
_CHOICES: Mapping[str, tuple[str, Callable[[PriceBook], Iterable[_Entry]]]] = {
    "mini_move_package_id": (PACKAGE, lambda book: book.mini_move_packages),
    "organizing_service_ids": (ORGANIZING, lambda book: book.organizing_services),
    "specialty_items": (ITEM, lambda book: book.specialty_items),
    "blade_service_id": (BLADE, lambda book: book.blade_services),
}


def structured(body: Mapping[str, object], kind: type[Any], wiring: Wiring) -> Any:  # noqa: ANN401
    """Return the body as an instance of `kind`.

    Raises:
        InvalidInputError: the same faults that HTTP answers with; an unknown slug is named by
            its option.
    """
    with slugs_named(wiring.current_book.book):
        return structured_raw(json.dumps(body).encode(), kind, wiring)


def structured_raw(raw: bytes, kind: type[Any], wiring: Wiring) -> Any:  # noqa: ANN401
    """Return JSON as an instance of `kind`.

    Raises:
        InvalidInputError: the same faults that HTTP answers with.
    """
    return structure_body(raw, kind, state=state_of(wiring))


def state_of(wiring: Wiring) -> State:
    """Return what the bodies' own rules read."""
    return State(
        {
            "ports": wiring.ports,
            "current_terms": wiring.current_terms,
            "current_book": wiring.current_book,
        }
    )


@contextmanager
def slugs_named(book: PriceBook) -> Iterator[None]:
    """Say which slug is unknown, where the wire would say that it is no id."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError([_named(fault, book) for fault in error.faults]) from error


def _named(fault: FieldFault, book: PriceBook) -> FieldFault:
    choice = _CHOICES.get(fault.field.partition(".")[0])
    if choice is None or fault.code != NOT_AN_ID:
        return fault
    option, entries = choice
    known = ", ".join(entry.slug for entry in entries(book) if entry.is_active)
    return FieldFault(
        field=option, code="unknown_slug", message=f"names nothing we offer; we offer: {known}"
    )


def id_of(text: str, field: str, book: PriceBook) -> str:
    """Return the id of the entry with this slug; any other text as it is."""
    _, entries = _CHOICES[field]
    return next((str(entry.id) for entry in entries(book) if entry.slug == text), text)


def choice_fields(options: ChoiceOptions, book: PriceBook) -> dict[str, object]:
    """Return what was chosen of the catalog, as the body's fields."""
    field = "organizing_service_ids"
    return _given(
        service_type=options.service,
        mini_move_package_id=_id_if(options.package, "mini_move_package_id", book),
        organizing_service_ids=[id_of(slug, field, book) for slug in options.organizing] or None,
        blade_service_id=_id_if(options.blade, "blade_service_id", book),
    )


def _id_if(text: str | None, field: str, book: PriceBook) -> str | None:
    return None if text is None else id_of(text, field, book)


def pricing_fields(options: PricingOptions, book: PriceBook) -> dict[str, object]:
    """Return the pricing fields that were given, less the two ends."""
    return choice_fields(options, book) | _given(
        specialty_items=[_piece(text, book) for text in options.item] or None,
        item_count=options.item_count,
        total_weight_lb=options.weight_lb,
        include_packing=options.packing or None,
        include_unpacking=options.unpacking or None,
        coi_required=options.coi or None,
        same_day=options.same_day or None,
        discount_code=options.code,
        pickup_date=options.date,
        pickup_time=options.time,
        email=options.email,
    )


def preview_fields(options: PricingOptions, book: PriceBook) -> dict[str, object]:
    """Return the body of a preview."""
    ends = _given(pickup_zip=options.from_zip, delivery_zip=options.to_zip)
    return pricing_fields(options, book) | ends


def booking_fields(options: BookingOptions, book: PriceBook) -> dict[str, object]:
    """Return the body of a guest's booking."""
    return pricing_fields(options, book) | _given(
        pickup_address=_address(options, "from"),
        delivery_address=_address(options, "to"),
        first_name=options.first_name,
        last_name=options.last_name,
        phone=options.phone,
        item_description=options.item_description,
        special_instructions=options.instructions,
        quote_token=options.quote_token,
        expected_total_cents=options.expected_total_cents,
        allow_duplicate=options.allow_duplicate or None,
        create_payment_intent=False if options.no_intent else None,
    )


def _piece(text: str, book: PriceBook) -> dict[str, object]:
    slug, colon, count = text.partition(":")
    piece: dict[str, object] = {"id": id_of(slug, "specialty_items", book)}
    if colon:
        # What is no number goes in as the text it is, for the wire to refuse.
        piece["quantity"] = int(count) if count.isascii() and count.isdigit() else count
    return piece


def _address(options: BookingOptions, end: str) -> dict[str, object] | None:
    parts = _given(
        address_line_1=getattr(options, f"{end}_line_1"),
        address_line_2=getattr(options, f"{end}_line_2"),
        city=getattr(options, f"{end}_city"),
        state=getattr(options, f"{end}_state"),
        zip_code=getattr(options, f"{end}_zip"),
        delivery_instructions=getattr(options, f"{end}_instructions"),
    )
    return parts or None


def _given(**fields: object) -> dict[str, object]:
    """Leave out what was not said: HTTP tells "absent" from null."""
    return {name: value for name, value in fields.items() if value is not None}
