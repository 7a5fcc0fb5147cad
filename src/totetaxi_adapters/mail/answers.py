"""What a mail server's answers mean."""

import re
from typing import Final

import aiosmtplib

from totetaxi_adapters.mail.one_line import one_line
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)
from totetaxi_core.refusal import DomainError

TEMPORARY: Final = range(400, 500)
PERMANENT: Final = range(500, 600)
LOG_IN_FIRST: Final = frozenset({530, 535, 538})
NO_SUCH_ADDRESS: Final = frozenset({550, 551, 553, 556})
# RFC 3463: 5.1.x is about the address, 5.2.1 a closed mailbox; 5.7.x is what we may not.
ENHANCED: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
BAD_ADDRESS: Final = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)")
MAX_ID: Final = 200


def refused_address(code: int, text: str) -> DomainError:
    """Return what it means that a server does not take mail for an address."""
    answer = f"{code} {one_line(text)}"
    if code in TEMPORARY or code in LOG_IN_FIRST:
        return MessageNotSentError(answer)
    found = ENHANCED.search(text)
    is_bad = BAD_ADDRESS.fullmatch(found[0]) if found else code in NO_SUCH_ADDRESS
    return MessageRefusedError(answer, address_is_bad=bool(is_bad))


def refused_content(code: int, text: str) -> DomainError:
    """Return what it means that a server does not take the mail itself."""
    answer = f"{code} {one_line(text)}"
    if code in TEMPORARY:
        return MessageNotSentError(answer)
    if code in PERMANENT:
        return MessageRefusedError(answer)
    return MessageOutcomeUnknownError(f"the mail was answered by {answer}")


def accepted_id(text: str) -> str | None:
    """Return by what the server calls the mail it took: the last word of `250 Ok 0100018f…`."""
    words = one_line(text).split()
    return words[-1].strip("<>;")[:MAX_ID] or None if words else None


def said(error: Exception) -> str:
    """Return an error in one line, without our password: the library's errors have none."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {one_line(error.message)}"
    return f"{type(error).__name__}: {one_line(str(error))}"
