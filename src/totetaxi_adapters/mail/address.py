"""An address as every mail server takes it."""

from email_validator import validate_email


def ascii_address(address: str) -> str:
    """Return the address, a domain such as `bücher.example` as `xn--bcher-kva.example`.

    Raises:
        ValueError: it has other letters before the @, where they stand for themselves alone.
    """
    if address.isascii():
        return address
    written = validate_email(address, check_deliverability=False).ascii_email
    if written is None:
        raise ValueError("it has letters beyond ASCII before the @")
    return written
