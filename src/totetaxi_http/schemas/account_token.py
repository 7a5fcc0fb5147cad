"""Tokens that came by mail, and what is answered to whoever asked for a mail."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

import attrs

from totetaxi_http.wire.constraints import Text

ACCOUNT_TOKEN: Final = "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTgZ3nU5pD9eH6iK0aV2fXbY"  # noqa: S105  an example
AccountToken = Annotated[str, Text(max_length=200, trim=False)]


@attrs.frozen(kw_only=True)
class MailedResponse:
    """The same for every address, whoever has it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Look into your mail: if there is something to do, our message says what."
    }

    message: str = "Look into your mail: if there is something to do, our message says what."


@attrs.frozen(kw_only=True)
class DoneResponse:
    """It is done; `message` says so to a person."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "Done. You can log in now."}

    message: str = "Done. You can log in now."
