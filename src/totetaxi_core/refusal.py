"""Refusals: what the domain answers when it will not do as asked."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One bad field: its dotted path, a stable code and a sentence for a person."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """Root of every refusal. `code` is stable; `field` is the dotted path at fault, if any."""

    code: ClassVar[str]
    field: str | None = None


class InvalidInputError(DomainError):
    """The input breaks rules; `faults` names every bad field, at least one."""

    code = "invalid"

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = faults
        self.field = faults[0].field
