"""Where a list ended, to ask on from there."""

import re
from typing import Final

from totetaxi_core.refusal import FieldFault, InvalidInputError

_PLACE: Final = re.compile(r"[0-9]{1,16}-[0-9a-f]{32}")


def checked_place(after: str | None) -> str | None:
    """Return the text given with --after; None for none.

    Raises:
        InvalidInputError: it is not what a list ended with.
    """
    if after is not None and not _PLACE.fullmatch(after):
        message = "must be what a list ended with"
        raise InvalidInputError([FieldFault(field="--after", code="bad_format", message=message)])
    return after
