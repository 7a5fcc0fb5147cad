"""What browsers (forms) and programs (JSON) send to the sandbox's own pages."""

import json
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import cattrs
from litestar import Request
from litestar.datastructures import State

FORM: Final = "application/x-www-form-urlencoded"

PlainRequest = Request[Any, Any, State]
Body = TypeVar("Body")

CONVERTER: Final = cattrs.Converter(forbid_extra_keys=True)


@CONVERTER.register_structure_hook
def _text(value: Any, kind: type) -> str:  # noqa: ANN401  it is whatever JSON held
    """Read a text, or an enumeration of texts."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    read: str = kind(value)
    return read


def is_form(request: PlainRequest) -> bool:
    return request.headers.get("content-type", "").startswith(FORM)


async def read_body(request: PlainRequest, kind: type[Body]) -> Body:
    """Read a JSON body, or a form's.

    Raises:
        ValueError: it is not what the route takes; it names every fault.
    """
    raw = await request.body()
    try:
        values = dict(parse_qsl(raw.decode())) if is_form(request) else json.loads(raw)
        if not isinstance(values, dict):
            raise ValueError("not an object")  # noqa: TRY004  it is theirs, not the program's
        return CONVERTER.structure(values, kind)
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(cattrs.transform_error(error))) from error
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
