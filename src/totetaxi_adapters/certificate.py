"""Until when a server's certificate holds."""

import asyncio
import ssl
from contextlib import suppress
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

HTTPS_PORT: Final = 443
TIMEOUT_S: Final = 3.0


async def certificate_ends_at(url: str, *, timeout_s: float = TIMEOUT_S) -> datetime | None:
    """Return the UTC instant at which the certificate of an https address ends, or has ended.

    None where the address is not https. Nothing is verified: an expired one is told of too.

    Raises:
        OSError: the server cannot be reached, speaks no TLS, or shows no certificate that
            can be read.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname is None:
        return None
    try:
        async with asyncio.timeout(timeout_s):
            shown = await _shown_by(parts.hostname, parts.port or HTTPS_PORT)
    except TimeoutError as error:
        raise OSError(f"no answer within {timeout_s:g} s") from error
    try:
        return x509.load_der_x509_certificate(shown).not_valid_after_utc
    except ValueError as error:
        raise OSError("the certificate cannot be read") from error


async def _shown_by(host: str, port: int) -> bytes:
    _, writer = await asyncio.open_connection(host, port, ssl=_trusting(), server_hostname=host)
    try:
        shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    if shown is None:
        raise OSError("no certificate was shown")
    return shown


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
