"""The certificates that SNS signs with: fetched from its own host alone, and kept."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from totetaxi_adapters.ses.topic import Topic
from totetaxi_core.clock import Clock
from totetaxi_core.notifications.delivery_news import NewsSignatureError, NewsUnverifiedError

Fetch = Callable[[str], Awaitable[bytes]]
"""Returns what is at an https address; raises NewsUnverifiedError where that cannot be had."""

MOST_KEPT: Final = 4
MAX_BYTES: Final = 64 * 1_024
CONNECTING_S: Final = 5.0
FETCHING_S: Final = 10.0
# Whoever calls us names the address: they must not have us call SNS without end.
MOST_FETCHES: Final = 10
WITHIN: Final = timedelta(minutes=1)


async def fetch(url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> bytes:
    """Return what is at an address; no redirect is followed.

    Raises:
        NewsUnverifiedError: it does not answer 200 in time, or with too much.
    """
    taken = bytearray()
    headers = {"accept-encoding": "identity"}
    try:
        async with (
            asyncio.timeout(FETCHING_S),
            httpx.AsyncClient(
                transport=transport, timeout=CONNECTING_S, trust_env=False, headers=headers
            ) as client,
            client.stream("GET", url, follow_redirects=False) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise NewsUnverifiedError(f"SNS answered {answer.status_code}")
            async for chunk in answer.aiter_raw():
                taken += chunk
                if len(taken) > MAX_BYTES:
                    raise NewsUnverifiedError("SNS answered with more than it ever does")
    except (httpx.HTTPError, TimeoutError) as error:
        raise NewsUnverifiedError(f"SNS did not answer: {type(error).__name__}") from error
    return bytes(taken)


class SigningCertificates:
    """Those of the host of one topic; what signs changes about once a year."""

    def __init__(self, topic: Topic, *, get: Fetch, clock: Clock) -> None:
        self._topic, self._get, self._clock = topic, get, clock
        self._kept: dict[str, x509.Certificate] = {}
        self._fetched_at: deque[datetime] = deque(maxlen=MOST_FETCHES)
        self._one_at_a_time = asyncio.Lock()

    async def key(self, url: str) -> RSAPublicKey:
        """Return the key of the certificate at an address, which is checked before any call.

        Raises:
            NewsSignatureError: SNS keeps no certificate there, or it does not hold now.
            NewsUnverifiedError: it cannot be had just now.
        """
        if not self._topic.has_certificate(url):
            raise NewsSignatureError("the certificate is not at SNS's own address")
        found = self._kept.get(url)
        if found is None:
            async with self._one_at_a_time:
                found = self._kept.get(url) or await self._fetched(url)
        key = found.public_key()
        if not found.not_valid_before_utc <= self._clock() <= found.not_valid_after_utc:
            raise NewsSignatureError("the certificate does not hold now")
        if not isinstance(key, RSAPublicKey):
            raise NewsSignatureError("the certificate is not one of SNS's")
        return key

    async def _fetched(self, url: str) -> x509.Certificate:
        self._require_leave()
        try:
            found = x509.load_pem_x509_certificate(await self._get(url))
        except ValueError as error:
            raise NewsSignatureError("there is no certificate at that address") from error
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[url] = found
        return found

    def _require_leave(self) -> None:
        now, fetched = self._clock(), self._fetched_at
        if len(fetched) == MOST_FETCHES and now - fetched[0] < WITHIN:
            raise NewsUnverifiedError("too many certificates were asked for within a minute")
        fetched.append(now)
