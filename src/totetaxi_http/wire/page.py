"""Lists by the page: a cursor stands between two entries, so that no page is ever counted to."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import attrs
from litestar import Request

from totetaxi_core.page import Dated, Place
from totetaxi_http.wire.constraints import Text, Whole

MOST: Final = 100
USUAL: Final = 20

_PLACE: Final = r"[0-9]{1,16}-[0-9a-f]{32}"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

PageSize = Annotated[int, Whole(minimum=1, maximum=MOST)]
PlaceCursor = Annotated[str, Text(max_length=60, pattern=rf"(before|after)-{_PLACE}")]
"""A cursor whose place `place_text` wrote."""


@attrs.frozen(kw_only=True)
class Cursor:
    """At most one of the two is given: what is older, or what is newer than that place."""

    before: str | None = None
    after: str | None = None

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """Return the cursor of `before-` or `after-` and a place; None is the newest page's."""
        if text is None:
            return cls()
        side, _, place = text.partition("-")
        return cls(before=place) if side == "before" else cls(after=place)

    def url(self, request: Request[Any, Any, Any], *, public_url: str) -> str | None:
        """Return the request's own address with this cursor; None where nothing is to be had."""
        side, place = ("before", self.before) if self.after is None else ("after", self.after)
        if place is None:
            return None
        asked = parse_qsl(request.scope["query_string"].decode("latin-1"))
        kept = [(name, value) for name, value in asked if name != "cursor"]
        query = urlencode([*kept, ("cursor", f"{side}-{place}")])
        return f"{public_url}{request.scope['path']}?{query}"


def place_text(entry: Dated | None) -> str | None:
    """Return the place of an entry, to the microsecond, for a cursor; None for none."""
    if entry is None:
        return None
    return f"{(entry.created_at - _EPOCH) // timedelta(microseconds=1)}-{entry.id.hex}"


def place_of(text: str | None) -> Place | None:
    """Return the place of a checked cursor; None for none."""
    if text is None:
        return None
    microseconds, _, name = text.partition("-")
    return Place(_EPOCH + timedelta(microseconds=int(microseconds)), UUID(hex=name))
