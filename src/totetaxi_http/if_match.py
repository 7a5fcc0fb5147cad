"""The If-Match header: which version of a booking the caller has seen."""

import re
from typing import Any, Final

from litestar import Request
from litestar.openapi.spec import Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

HEADER: Final = "If-Match"
ANY: Final = "*"
IF_MATCH: Final = Parameter(
    name=HEADER,
    param_in="header",
    required=False,
    description="The `ETag` that was seen: when the booking has changed since, nothing is done and"
    " the answer is 412 `stale_version`. Without it, and without `version`, the last one wins.",
    example='"2"',
    schema=Schema(type=OpenAPIType.STRING),
)

_TAG: Final = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)


def seen_versions(
    request: Request[Any, Any, Any], *, version: int | None = None
) -> frozenset[int] | None:
    """Return the versions the booking may have, by the header and a body's `version`.

    None if neither says anything. A tag that is none of ours, or a weak one, matches nothing.
    """
    named = None if version is None else frozenset({version})
    header = request.headers.get(HEADER)
    if header is None or header.strip() == ANY:
        return named
    tags = (_TAG.fullmatch(tag.strip()) for tag in header.split(","))
    seen = frozenset(int(tag[1]) for tag in tags if tag is not None)
    return seen if named is None else seen & named
