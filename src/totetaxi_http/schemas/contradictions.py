"""What fields of a body say against each other, which no field's own type can see."""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.order_check import address_faults, description_faults
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.address import AddressFields

ENDS = ("pickup", "delivery")
CONCERNED = (
    "organizing_service_id",
    "organizing_service_ids",
    "pickup_address",
    "pickup_zip",
    "delivery_address",
    "delivery_zip",
    "item_count",
    "item_description",
)
"""What `contradictions` looks at: the way of every good body is short."""
NOT_A_FIELD = object()
BOTH_SPELLINGS = FieldFault(
    field="organizing_service_id",
    code="conflicting",
    message="send organizing_service_id or organizing_service_ids, not both",
)


def contradictions(good: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield the faults between the fields that are good; one not sent has its default."""
    if good.get("organizing_service_id") is not None and good.get("organizing_service_ids"):
        yield BOTH_SPELLINGS
    addresses = {end: good.get(f"{end}_address") for end in ENDS}
    for end, address in addresses.items():
        if address is not None:
            yield from address.point_faults(f"{end}_address")
    yield from _end_faults(good, addresses)
    pickup, delivery = addresses.values()
    if pickup is not None and delivery is not None:
        yield from address_faults(pickup.to_address(), delivery.to_address())
    if {"item_count", "item_description"} <= good.keys():
        yield from description_faults(good["item_count"], good["item_description"])


def _end_faults(
    good: Mapping[str, Any], addresses: Mapping[str, AddressFields | None]
) -> Iterator[FieldFault]:
    """Yield what is wrong with ends that may be an address or a ZIP."""
    for end, address in addresses.items():
        if address is not None and good.get(f"{end}_zip") is not None:
            message = f"send {end}_address or {end}_zip, not both"
            yield FieldFault(field=f"{end}_zip", code="conflicting", message=message)
    either = {"pickup_address", "pickup_zip"}
    if either <= good.keys() and all(good[name] is None for name in either):
        message = "is required, or pickup_zip in its place"
        yield FieldFault(field="pickup_address", code="missing", message=message)


def refuse_contradictions(body: Any) -> None:  # noqa: ANN401  any attrs class
    """Refuse a body whose fields do not go together.

    Raises:
        InvalidInputError: names each of them.
    """
    said = {
        name: value
        for name in CONCERNED
        if (value := getattr(body, name, NOT_A_FIELD)) is not NOT_A_FIELD
    }
    if faults := tuple(contradictions(said)):
        raise InvalidInputError(faults)


class with_rule_faults:  # noqa: N801  used like a function, as contextlib's are
    """Let a refusal of contradictions out with what the rules say of the same fields."""

    def __init__(self, body: Any, state: State) -> None:  # noqa: ANN401  any attrs class
        self._body, self._state = body, state

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, InvalidInputError):
            rules = self._body.rule_faults(attrs.asdict(self._body, recurse=False), self._state)
            raise InvalidInputError([*dict.fromkeys((*error.faults, *rules))]) from error
