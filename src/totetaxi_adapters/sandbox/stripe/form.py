"""The form encoding of Stripe's API: `a[b][c]=v`, `list[0]=v`, `list[]=v`."""

import re
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from totetaxi_adapters.sandbox.stripe.refusal import invalid_request

Form: TypeAlias = "dict[str, Form | str]"
Value: TypeAlias = "Form | str"

PART: Final = re.compile(r"\[([^\[\]]*)\]")
NAME: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
MAX_FIELDS: Final = 1_000


def parse_form(text: str) -> Form:
    """Return the fields, nested by their brackets; a list is a form whose keys are its indexes.

    Raises:
        StripeRefusal: a name is not well formed, or there are too many.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise invalid_request(f"Invalid request body: {error}") from error
    form: Form = {}
    for name, value in pairs:
        if "\0" in name + value:
            raise invalid_request("Invalid request body: it contains a null byte")
        _put(form, name, value)
    return form


def _put(form: Form, name: str, value: str) -> None:
    match = NAME.fullmatch(name)
    if match is None:
        raise invalid_request(f"Invalid parameter name: {name}", param=name)
    path = [match[1], *PART.findall(match[2])]
    target = form
    for part in path[:-1]:
        inner = target.setdefault(part, {})
        if isinstance(inner, str):
            raise invalid_request(f"Invalid parameter name: {name}", param=name)
        target = inner
    target[path[-1] or str(len(target))] = value
