"""A slug made from a name, for entries that come without one."""

import re
from typing import Final
from unicodedata import normalize

OTHERS: Final = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """Return `manhattan-to-hamptons-express`; empty where a name has no Latin letter or digit."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return OTHERS.sub("-", plain.lower()).strip("-")
