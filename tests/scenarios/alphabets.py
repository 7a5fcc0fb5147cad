"""Letters and digits that look like ours and are not."""

from typing import Final

FULL_WIDTH_OFFSET: Final = 0xFEE0


def full_width(text: str) -> str:
    """Return ASCII letters and digits in their full-width forms; Python's `int` takes those."""
    return "".join(chr(ord(c) + FULL_WIDTH_OFFSET) if c.isalnum() else c for c in text)
