"""What logging in has in common, whoever does: tokens, and the end of them."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

import attrs

from totetaxi_http.wire.constraints import Text

ACCESS_TOKEN: Final = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.Yx3m9Hj0oF2c5k1bq7tV8wZ4aR6sN0uD1eG2h"  # noqa: S105  an example
)
REFRESH_TOKEN: Final = (
    "0b9c4f6e3a574d1e9a645f8b2c7d1e90.Zk3v9QwXr0y1m2n3b4c5d6e7f8g9h0j1k2l3m4n5p6q"  # noqa: S105  the same
)


@attrs.frozen(kw_only=True)
class RefreshBody:
    """The refresh token given last: it is good once."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"refresh_token": REFRESH_TOKEN}

    refresh_token: Annotated[str, Text(max_length=200, trim=False)] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class LoggedOutResponse:
    """The session is over, and both its tokens with it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "You are logged out."}

    message: str = "You are logged out."
