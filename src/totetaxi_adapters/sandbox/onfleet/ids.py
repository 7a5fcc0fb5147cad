"""Ids in the shape of Onfleet's: 24 characters of both cases, and neither hex nor UUID."""

import secrets
import string
from typing import Final

ALPHABET: Final = string.ascii_letters + string.digits + "*~"
LENGTH: Final = 24
ID: Final = r"([A-Za-z0-9*~_-]+)"

ORGANIZATION: Final = "kD2~oHn9Wq5Lr*1vSsYb7TgP"
ADMIN: Final = "b8R*z3Xv0MdQ~fJk6yCwHu2E"
TEAM: Final = "w7Q2rB~nKc4*Zx19dLfT0aVh"


def new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_short_id() -> str:
    return secrets.token_hex(4)


def new_upload_id() -> str:
    return secrets.token_hex(12)
