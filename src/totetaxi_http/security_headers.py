"""Headers that tell browsers what not to do, on every answer."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' js.stripe.com",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: *.stripe.com",
    "connect-src 'self' api.stripe.com",
    "frame-src js.stripe.com hooks.stripe.com",
    "frame-ancestors 'none'",
    "base-uri 'self'",
)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", "; ".join(_POLICY).encode()),
)
_REFERRER = ((b"referrer-policy", b"strict-origin-when-cross-origin"),)
# An address that holds a token is told to nobody and kept by nobody.
_TOKEN = b"manage_token="
_NOT_KEPT = (b"cache-control", b"no-store")
_SECRET_ADDRESS = ((b"referrer-policy", b"no-referrer"), _NOT_KEPT)
# What somebody is told by these is theirs alone: no browser or proxy keeps it.
_LOGINS = frozenset({b"authorization", b"x-manage-token"})
_ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers; `https_only` also tells browsers to come by HTTPS for a year."""

    def __init__(self, app: ASGIApp, *, https_only: bool) -> None:
        self._app = app
        always = (*_ALWAYS, _ONLY_HTTPS) if https_only else _ALWAYS
        self._headers = (*always, *_REFERRER)
        self._of_secret_address = (*always, *_SECRET_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        headers = self._headers_of(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _headers_of(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
        if _TOKEN in scope["query_string"]:
            return self._of_secret_address
        is_personal = any(name in _LOGINS for name, _ in scope["headers"])
        return (*self._headers, _NOT_KEPT) if is_personal else self._headers
