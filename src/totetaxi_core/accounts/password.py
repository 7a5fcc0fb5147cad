"""Passwords: what a good one is, and the port that hashes them."""

import re
from typing import Final, Protocol

from totetaxi_core.refusal import FieldFault, InvalidInputError

SHORTEST: Final = 8
LONGEST: Final = 128
# What no login takes: control characters, and what is no text (bytes read as such).
_UNTYPABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class PasswordHasher(Protocol):
    """Slow by design, and off the event loop."""

    async def hash(self, password: str) -> str: ...

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Tell whether it is the password; None, of nobody, takes as long and is False."""
        ...


def check_new_password(password: str, *, field: str = "password") -> None:
    """Refuse a password that is too easy.

    Raises:
        InvalidInputError: not 8 to 128 characters, no digit, no upper-case letter, or characters
            that no login takes.
    """
    faults = [
        FieldFault(field=field, code=code, message=message)
        for code, message, is_broken in (
            ("too_short", f"must have at least {SHORTEST} characters", len(password) < SHORTEST),
            ("too_long", f"must have at most {LONGEST} characters", len(password) > LONGEST),
            (
                "control_character",
                "must not hold control characters",
                _UNTYPABLE.search(password) is not None,
            ),
            ("no_digit", "must hold a digit", not any(map(str.isdigit, password))),
            (
                "no_upper_case",
                "must hold an upper-case letter",
                not any(map(str.isupper, password)),
            ),
        )
        if is_broken
    ]
    if faults:
        raise InvalidInputError(faults)
