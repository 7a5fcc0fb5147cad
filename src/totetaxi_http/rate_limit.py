"""Limits on how often one address or account may call.

A handler names its limit with `opt={"rate_limit": NAME}`, one of those of `RateLimits`; without it
the default applies. None lifts it.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Protocol

from litestar.types import ASGIApp, Receive, Scope, Send

from totetaxi_adapters.setting_values import Rate
from totetaxi_adapters.settings import Settings
from totetaxi_core.refusal import DomainError
from totetaxi_http.client_address import address_key

DEFAULT = "default"
_MOST_KEYS = 50_000

AccountOf = Callable[[Scope], str | None]


class RateLimitedError(DomainError):
    """Too many calls; `retry_after_s` whole seconds from now one more is allowed."""

    code = "rate_limited"

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = max(1, math.ceil(retry_after_s))
        super().__init__(f"Too many requests; try again in {self.retry_after_s} s.")


class SharedRateLimiter(Protocol):
    """Counts calls across all processes."""

    async def hit(self, key: str, *, limit: int, window_s: int) -> float | None:
        """Count a call for `key`; return None if it is within the limit, else seconds to wait."""
        ...


class ProcessRateLimiter:
    """Counts calls in this process: `limit` at once, then evenly; the oldest keys are forgotten.

    Keeps one instant a key, when all it was given will be paid back (the generic cell rate
    algorithm), so that no window's edge lets twice the limit through.
    """

    def __init__(
        self, *, monotonic_s: Callable[[], float] = monotonic, most_keys: int = _MOST_KEYS
    ) -> None:
        self._now_s = monotonic_s
        self._most_keys = most_keys
        self._paid_back_s: OrderedDict[str, float] = OrderedDict()

    def hit(self, key: str, *, limit: int, window_s: int) -> float | None:
        """Count a call for `key`; return None if it is within the limit, else seconds to wait."""
        now_s = self._now_s()
        paid_back_s = max(self._paid_back_s.get(key, now_s), now_s) + window_s / limit
        # A millionth of a second absorbs the rounding of limit additions of window / limit.
        wait_s = paid_back_s - now_s - window_s
        if wait_s > 1e-6:  # noqa: PLR2004
            return wait_s
        self._paid_back_s[key] = paid_back_s
        self._paid_back_s.move_to_end(key)
        if len(self._paid_back_s) > self._most_keys:
            self._paid_back_s.popitem(last=False)
        return None


class RateLimits:
    """The limits in force; those with a name of their own count across processes."""

    def __init__(
        self,
        settings: Settings,
        *,
        shared: SharedRateLimiter,
        own: ProcessRateLimiter | None = None,
    ) -> None:
        self._enabled = settings.ratelimit_enable
        self._shared = shared
        self._own = own or ProcessRateLimiter()
        self._rates: Mapping[str, Rate] = {
            DEFAULT: settings.ratelimit_default,
            "login": settings.ratelimit_login,
            "register": settings.ratelimit_register,
            "reset": settings.ratelimit_reset,
            "booking": settings.ratelimit_booking,
            "lookup": settings.ratelimit_lookup,
        }

    async def hit(self, name: str, *, caller: str) -> None:
        """Count a call of `caller` (`address:…` or `account:…`) against the limit `name`.

        Raises:
            RateLimitedError: it is one too many.
        """
        if not self._enabled:
            return
        rate = self._rates[name]
        key = f"{name}:{caller}"
        if name == DEFAULT:
            wait_s = self._own.hit(key, limit=rate.limit, window_s=rate.window_s)
        else:
            wait_s = await self._shared.hit(key, limit=rate.limit, window_s=rate.window_s)
        if wait_s is not None:
            raise RateLimitedError(wait_s)


class RateLimiting:
    """Counts each request against its handler's limit, by address and by account if known."""

    def __init__(self, app: ASGIApp, *, limits: RateLimits, account_of: AccountOf) -> None:
        self._app = app
        self._limits = limits
        self._account_of = account_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["route_handler"].opt.get("rate_limit", DEFAULT)
        if name is not None:
            await self._limits.hit(name, caller=f"address:{address_key(scope)}")
            account = self._account_of(scope)
            if account is not None:
                await self._limits.hit(name, caller=f"account:{account}")
        await self._app(scope, receive, send)
