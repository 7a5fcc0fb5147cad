"""Reads what Twilio tells of a message's way."""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha1
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from totetaxi_adapters.sms.answers import BAD_NUMBERS
from totetaxi_adapters.sms.transport import status_url
from totetaxi_core.notifications.delivery_news import DeliveryNews, Fate, NewsSignatureError

FATES: Final[Mapping[str, Fate]] = {
    "sent": Fate.LEFT,
    "delivered": Fate.ARRIVED,
    "read": Fate.ARRIVED,
    "undelivered": Fate.FAILED,
    "failed": Fate.FAILED,
    "canceled": Fate.FAILED,
}
MAX_SID: Final = 64


class TwilioStatusReader:
    """Believes what is signed with the account's own token, and about our address.

    `public_url` is how the world reaches us: behind a proxy a request does not know it.
    """

    def __init__(self, auth_token: str, *, public_url: str) -> None:
        self._auth_token, self._public_url = auth_token, public_url

    def read(self, body: bytes, message_id: UUID, signature: str) -> DeliveryNews | None:
        """Return what a callback tells of a message; None when nothing of it matters to us.

        Raises:
            NewsSignatureError: it is not signed, or not by them.
        """
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        given = signature.encode("utf-8", "replace")
        for base in self._bases():
            ours = signature_of(status_url(base, message_id), form, auth_token=self._auth_token)
            if hmac.compare_digest(ours, given):
                return _news(dict(form), message_id)
        raise NewsSignatureError("the signature is not Twilio's")

    def _bases(self) -> tuple[str, ...]:
        """Return how Twilio may have called us: it signs with the usual port or without."""
        parts = urlsplit(self._public_url)
        if parts.port is not None:
            return (self._public_url,)
        port = 443 if parts.scheme == "https" else 80
        return self._public_url, parts._replace(netloc=f"{parts.netloc}:{port}").geturl()


def signature_of(url: str, form: Sequence[tuple[str, str]], *, auth_token: str) -> bytes:
    """Return Twilio's signature of a form: of the URL and its fields by name, each value once."""
    fields = "".join(f"{name}{value}" for name, value in sorted(set(form)))
    digest = hmac.new(auth_token.encode(), f"{url}{fields}".encode(), sha1).digest()
    return b64encode(digest)


def _news(form: Mapping[str, str], message_id: UUID) -> DeliveryNews | None:
    fate, sid = FATES.get(form.get("MessageStatus", "")), form.get("MessageSid", "")
    if fate is None or not sid or len(sid) > MAX_SID:
        return None
    code = form.get("ErrorCode", "")
    number = int(code) if code.isascii() and code.isdigit() and len(code) < MAX_SID else 0
    return DeliveryNews(
        message_id=message_id,
        provider_id=sid,
        fate=fate,
        reason=f"Twilio: {form['MessageStatus']}" + (f", code {number}" if number else ""),
        address_is_bad=fate is Fate.FAILED and number in BAD_NUMBERS,
    )
