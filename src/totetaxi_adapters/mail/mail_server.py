"""The mail server that EMAIL_URL names."""

from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from totetaxi_adapters.loopback import is_loopback
from totetaxi_adapters.setting_values import Secret


class Security(StrEnum):
    """How the connection is secured: from its start, by STARTTLS or not at all, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


SCHEMES: Final = {
    "smtp": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
    "smtp+insecure": (Security.NONE, 25),
}
SHAPE: Final = "must be like smtp://user:password@host:587, smtps:// or smtp+insecure://"


@attrs.frozen(kw_only=True)
class MailServer:
    """Where mail is handed in. `username` is None where nobody logs in."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: Secret | None = None

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read EMAIL_URL; user and password are percent-encoded in it.

        STARTTLS is demanded, but of a server on this machine.

        Raises:
            ValueError: it is written otherwise; the message does not show it.
        """
        parts, port = _split(url)
        security, usual_port = SCHEMES[parts.scheme]
        if parts.scheme == "smtp" and is_loopback(url):
            security = Security.NONE
        if parts.password and security is Security.NONE and not is_loopback(url):
            raise ValueError("must not send a password without TLS: use smtp:// or smtps://")
        return cls(
            host=parts.hostname or "",
            port=port or usual_port,
            security=security,
            username=unquote(parts.username) if parts.username else None,
            password=Secret(unquote(parts.password)) if parts.password else None,
        )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(SHAPE) from None
    more = parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in SCHEMES or not parts.hostname or more:
        raise ValueError(SHAPE)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must have both a user and a password, or neither")
    return parts, port
