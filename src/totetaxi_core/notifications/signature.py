"""Who signs a message: the company's name, and its address below."""

from typing import Final

from totetaxi_core.ports import Terms

SEPARATOR: Final = "\n\n-- \n"
"""What parts a mail from its signature, for mail programs too (RFC 3676, section 4.3)."""


def signed(text: str, terms: Terms) -> str:
    """Return the text with the company's name and, where it is set, its address below."""
    lines = (terms.company_name, terms.company_address)
    return text + SEPARATOR + "\n".join(line for line in lines if line)


def parted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text and the lines of its signature, of which there may be none."""
    body, separator, signature = text.rpartition(SEPARATOR)
    return (body, tuple(signature.splitlines())) if separator else (text, ())
