"""Names the domain's faults as the client spelled the fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

import attrs

from totetaxi_core.refusal import FieldFault, InvalidInputError


def as_sent(faults: Iterable[FieldFault], fields: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield the faults with the paths of the body whose `fields` these are."""
    for fault in faults:
        yield replace(fault, field=_path(fault, fields))


class faults_as_sent:  # noqa: N801  used like a function, as contextlib's are
    """Let a refusal of the domain out with the paths of the `body`, or of its fields by name."""

    def __init__(self, body: Any) -> None:  # noqa: ANN401  any attrs class
        self._body = body

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, InvalidInputError):
            body = self._body
            fields = body if isinstance(body, Mapping) else attrs.asdict(body, recurse=False)
            raise InvalidInputError([*as_sent(error.faults, fields)]) from error


def _path(fault: FieldFault, fields: Mapping[str, Any]) -> str:
    end = fault.field.removesuffix("_zip").removesuffix("_address")
    saved = f"saved_{end}_address_id"
    if fields.get(saved) is not None:
        return saved
    if fault.field in ("pickup_zip", "delivery_zip"):
        address = f"{fault.field.removesuffix('_zip')}_address"
        if fields.get(address) is not None:
            return f"{address}.zip_code" if fault.code != "not_applicable" else address
        by_zip = fields.get("pickup_zip") is not None
        return fault.field if by_zip or fields.get(fault.field) is not None else address
    if fault.field.startswith("organizing_service_ids") and fields.get("organizing_service_id"):
        return "organizing_service_id"
    return fault.field
