"""Names the domain's faults as the client spelled the fields."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from totetaxi_core.refusal import FieldFault, InvalidInputError


def as_sent(faults: Iterable[FieldFault], fields: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield the faults with the paths of the body whose `fields` these are."""
    for fault in faults:
        yield replace(fault, field=_path(fault, fields))


@contextmanager
def faults_as_sent(fields: Mapping[str, Any]) -> Iterator[None]:
    """Let a refusal of the domain out with the paths of the body whose `fields` these are."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError([*as_sent(error.faults, fields)]) from error


def faults_of(check: Callable[[], object]) -> tuple[FieldFault, ...]:
    """Return the faults that a check refuses with, none if it passes."""
    try:
        check()
    except InvalidInputError as error:
        return error.faults
    return ()


def _path(fault: FieldFault, fields: Mapping[str, Any]) -> str:
    if fault.field in ("pickup_zip", "delivery_zip"):
        address = f"{fault.field.removesuffix('_zip')}_address"
        if fields.get(address) is not None:
            return f"{address}.zip_code" if fault.code != "not_applicable" else address
        by_zip = fields.get("pickup_zip") is not None
        return fault.field if by_zip or fields.get(fault.field) is not None else address
    if fault.field.startswith("organizing_service_ids") and fields.get("organizing_service_id"):
        return "organizing_service_id"
    return fault.field
