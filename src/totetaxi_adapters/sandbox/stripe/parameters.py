"""Checks on a call's parameters, strict as Stripe's: what it does not know, it refuses."""

import re
from typing import Final

from totetaxi_adapters.sandbox.stripe.form import Form
from totetaxi_adapters.sandbox.stripe.refusal import invalid_request

MAX_AMOUNT: Final = 99_999_999
MAX_METADATA_KEYS: Final = 50
MAX_METADATA_KEY_LENGTH: Final = 40
MAX_METADATA_VALUE_LENGTH: Final = 500
DEFAULT_PAGE: Final = 10
MAX_PAGE: Final = 100
INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


class Parameters:
    """The fields of one call. Every reader refuses what is missing or not of its kind."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def refuse_unknown(self, *known: str) -> None:
        for name in self.names():
            if name not in known:
                raise invalid_request(
                    f"Received unknown parameter: {name}", code="parameter_unknown", param=name
                )

    def names(self) -> tuple[str, ...]:
        return tuple(self._form)

    def text(self, name: str) -> str | None:
        value = self._form.get(name)
        if isinstance(value, dict):
            raise invalid_request("Invalid string", param=name)
        return value or None

    def required_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise _absent(name)
        return value

    def choice(self, name: str, *choices: str) -> str | None:
        value = self.text(name)
        if value is not None and value not in choices:
            raise invalid_request(f"Invalid {name}: must be one of {choices}", param=name)
        return value

    def integer(self, name: str) -> int | None:
        return _integer(self.text(name), name)

    def amount(self) -> int | None:
        """Read `amount`: a positive number of cents, at most 8 digits, never a fraction."""
        amount = self.integer("amount")
        if amount is not None and amount < 1:
            raise invalid_request(
                "Invalid positive integer", code="parameter_invalid_integer", param="amount"
            )
        if amount is not None and amount > MAX_AMOUNT:
            raise invalid_request(
                "Amount must be no more than $999,999.99", code="amount_too_large", param="amount"
            )
        return amount

    def required_amount(self) -> int:
        amount = self.amount()
        if amount is None:
            raise _absent("amount")
        return amount

    def group(self, name: str) -> "Parameters":
        """Read the fields below `name[…]`."""
        value = self._form.get(name, {})
        if not isinstance(value, dict):
            raise invalid_request("Invalid object", param=name)
        return Parameters(value)

    def metadata(self) -> dict[str, str]:
        entries: dict[str, str] = {}
        group = self.group("metadata")
        for key in group.names():
            value = group.text(key)
            if len(key) > MAX_METADATA_KEY_LENGTH or len(value or "") > MAX_METADATA_VALUE_LENGTH:
                raise invalid_request("Metadata is too long", param="metadata")
            if value is not None:
                entries[key] = value
        if len(entries) > MAX_METADATA_KEYS:
            raise invalid_request("Metadata has too many keys", param="metadata")
        return entries

    def expansions(self) -> tuple[str, ...]:
        """Read the dotted names of `expand[]`."""
        group = self.group("expand")
        return tuple(group.required_text(name) for name in group.names())

    def page_size(self) -> int:
        limit = self.integer("limit")
        if limit is None:
            return DEFAULT_PAGE
        if not 1 <= limit <= MAX_PAGE:
            raise invalid_request("Invalid limit: must be between 1 and 100", param="limit")
        return limit

    def created(self) -> tuple[int, int]:
        """Read the `created` filter as the half-open span `[from, until)` of Unix seconds."""
        span = self.group("created")
        span.refuse_unknown("gte", "gt", "lt", "lte")
        gte, gt, lt, lte = (span.integer(name) for name in ("gte", "gt", "lt", "lte"))
        starts = [0 if gte is None else gte, 0 if gt is None else gt + 1]
        ends = [2**62 if lt is None else lt, 2**62 if lte is None else lte + 1]
        return max(starts), min(ends)


def _integer(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not INTEGER.fullmatch(text):
        raise invalid_request(
            f"Invalid integer: {text}", code="parameter_invalid_integer", param=name
        )
    return int(text)


def _absent(name: str) -> Exception:
    return invalid_request(f"Missing required param: {name}.", code="parameter_missing", param=name)
