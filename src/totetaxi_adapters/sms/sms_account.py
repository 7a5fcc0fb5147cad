"""The Twilio account that SMS_URL names."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import attrs

from totetaxi_adapters.loopback import is_loopback
from totetaxi_adapters.setting_values import Secret

API_BASE: Final = "https://api.twilio.com"
SHAPE: Final = (
    "must be like twilio://SK…:secret@AC…/?from=%2B12125550100, with an API key or the account's "
    "own id and token"
)
ACCOUNT: Final = re.compile(r"AC[0-9a-f]{32}")
LOGIN: Final = re.compile(r"(AC|SK)[0-9a-f]{32}")
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
SERVICE: Final = re.compile(r"MG[0-9a-f]{32}")
KNOWN: Final = frozenset({"from", "auth_token", "base"})


@attrs.frozen(kw_only=True)
class SmsAccount:
    """`sender` is a number (E.164) or a Messaging Service (MG…).

    `auth_token` is the account's own, with which Twilio signs what it tells us; None where only an
    API key is known, and nothing it tells can be believed.
    """

    account_sid: str
    login: str
    password: Secret
    sender: str
    auth_token: Secret | None
    api_base: str = API_BASE

    @property
    def is_service(self) -> bool:
        return SERVICE.fullmatch(self.sender) is not None

    @classmethod
    def parse(cls, url: str) -> "SmsAccount":
        """Read SMS_URL.

        Raises:
            ValueError: it is written otherwise; the message does not show it.
        """
        parts = _split(url)
        # Not `hostname`, which is in small letters.
        userinfo, _, account_sid = parts.netloc.rpartition("@")
        login, _, password = (unquote(part) for part in userinfo.partition(":"))
        if not ACCOUNT.fullmatch(account_sid) or not LOGIN.fullmatch(login) or not password:
            raise ValueError(SHAPE)
        options = _options(parts.query)
        token = password if login == account_sid else options.get("auth_token")
        return cls(
            account_sid=account_sid,
            login=login,
            password=Secret(password),
            sender=_sender(options),
            auth_token=Secret(token) if token else None,
            api_base=_base(options),
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(SHAPE) from None
    if parts.scheme != "twilio" or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(SHAPE)
    return parts


def _options(query: str) -> dict[str, str]:
    # A plus sign means itself here: who writes a number does not think of forms.
    options = dict(parse_qsl(query.replace("+", "%2B")))
    unknown = sorted(options.keys() - KNOWN)
    if unknown:
        raise ValueError(f"must not have {', '.join(unknown)}: {SHAPE}")
    return options


def _sender(options: dict[str, str]) -> str:
    sender = options.get("from", "")
    if not NUMBER.fullmatch(sender) and not SERVICE.fullmatch(sender):
        raise ValueError("must say from=, a number such as +12125550100 or a service MG…")
    return sender


def _base(options: dict[str, str]) -> str:
    base = options.get("base", API_BASE).rstrip("/")
    if not base.startswith("https://") and not is_loopback(base):
        raise ValueError("must have a base that begins https://, or is on this machine")
    return base
