"""What a refused document names."""

from tests.core.price_book.small_document import rule, small_document
from totetaxi_core import InvalidInputError, PriceBook


def faults_of(document: object) -> list[tuple[str, str]]:
    """Return what the refusal names, as paths and codes; empty when the book is good."""
    try:
        PriceBook.from_document(document)
    except InvalidInputError as refusal:
        return [(fault.field, fault.code) for fault in refusal.faults]
    return []


def faults_with(**changes: object) -> list[tuple[str, str]]:
    return faults_of(small_document(**changes))


def rule_faults(**fields: object) -> list[tuple[str, str]]:
    """Return the faults of one rule, their paths from within it."""
    prefix = "surcharge_rules.0."
    found = faults_with(surcharge_rules=[rule("a", **fields)])
    return [(path.removeprefix(prefix), fault_code) for path, fault_code in found]
