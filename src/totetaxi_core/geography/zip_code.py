"""ZIP codes: text, never a number (07302 is Jersey City)."""

import re

PATTERN = re.compile(r"([0-9]{5})(-[0-9]{4})?")
FIVE = 5


def five_digits(zip_code: str) -> str | None:
    """Return the first five digits of `12345` or `12345-6789`; None when it is neither."""
    match = PATTERN.fullmatch(zip_code)
    return match[1] if match else None
