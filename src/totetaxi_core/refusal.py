"""Refusals: what the domain answers when it will not do as asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One bad field: its dotted path, a stable code and a sentence for a person."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """Root of every refusal. `code` is stable; `field` is the dotted path at fault, if any."""

    code: str
    field: str | None = None


def code_of(error: Exception) -> str:
    """Return a refusal's code, of any other error its type's name: never its words."""
    return error.code if isinstance(error, DomainError) else type(error).__name__


class InvalidInputError(DomainError):
    """The input breaks rules; `faults` names every bad field, at least one.

    `code` is `invalid`, or the faults' own code where all agree on one of HEADLINE_CODES.
    """

    code = "invalid"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)
        self.field = faults[0].field
        codes = {fault.code for fault in faults}
        if len(codes) == 1 and codes <= HEADLINE_CODES:
            self.code = faults[0].code


def faults_of(check: Callable[[], object]) -> tuple[FieldFault, ...]:
    """Return the faults that a check refuses with, none if it passes."""
    try:
        check()
    except InvalidInputError as error:
        return error.faults
    return ()


HEADLINE_CODES = frozenset({"outside_service_area", "discount_unavailable"})
