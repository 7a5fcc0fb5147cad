"""What Twilio's answers mean. Source: twilio.com/docs/api/errors."""

from typing import Final

import attrs
import cattrs
import httpx

from totetaxi_adapters.mail.one_line import one_line
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)
from totetaxi_core.refusal import DomainError

CREATED: Final = 201
TOO_MANY: Final = 429
SERVER_FAULT: Final = 500
DENIED: Final = frozenset({401, 403, 404})
# No number, not a mobile one, or its owner sent STOP; in status callbacks, unknown or a landline.
BAD_NUMBERS: Final = frozenset({21211, 21610, 21614, 30005, 30006})
# The queue is full, or something of ours is wrong, which can be put right.
LATER: Final = frozenset({20003, 20404, 20429, 21212, 21606, 21609, 21611, 21703})


@attrs.frozen(kw_only=True)
class RefusalPayload:
    code: int
    message: str = ""


@attrs.frozen(kw_only=True)
class MessagePayload:
    sid: str


CONVERTER: Final = cattrs.Converter()


def sid_of(answer: httpx.Response) -> str:
    """Return Twilio's id of a message it took.

    Raises:
        MessageNotSentError: not sent; try again later.
        MessageRefusedError: not sent; do not try again.
        MessageOutcomeUnknownError: perhaps sent: it failed, or answered something else.
    """
    if answer.status_code == CREATED:
        try:
            return CONVERTER.structure(answer.json(), MessagePayload).sid
        except (ValueError, cattrs.BaseValidationError) as error:
            raise MessageOutcomeUnknownError("Twilio took it and did not say its id") from error
    raise _refusal(answer)


def _refusal(answer: httpx.Response) -> DomainError:
    status = answer.status_code
    if status >= SERVER_FAULT or status < httpx.codes.BAD_REQUEST:
        return MessageOutcomeUnknownError(f"Twilio answered {status}")
    try:
        fault = CONVERTER.structure(answer.json(), RefusalPayload)
    except (ValueError, cattrs.BaseValidationError):
        fault = RefusalPayload(code=0)
    told = one_line(f"{status}, code {fault.code}: {fault.message}")
    if status in {TOO_MANY, *DENIED} or fault.code in LATER:
        return MessageNotSentError(told)
    return MessageRefusedError(told, address_is_bad=fault.code in BAD_NUMBERS)
