"""Calls the client systems that subscribe to our events, and nobody else.

An address is looked up here, every answer is checked, and the connection goes to one of the
addresses that were checked: a name that leads elsewhere a moment later leads nowhere.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from ipaddress import IPv6Network, ip_address, ip_network
from typing import Final

import attrs
import httpx

from totetaxi_core.webhooks.subscriber_gateway import (
    SubscriberAddressError,
    SubscriberAnswer,
    SubscriberUnavailableError,
)

MAX_URL: Final = 2_000
MAX_ANSWER_BYTES: Final = 4_096
RESOLVERS: Final = 8
LAST_PORT: Final = 65_535
# All that is given out to anybody.
UNICAST: Final = IPv6Network("2000::/3")
# Global as far as Python knows, or some releases of it; 168.63.129.16 is Azure's own, in each of
# its machines, and 6to4 stands for an IPv4 address of any kind.
SPECIAL: Final = tuple(
    map(
        ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2002::/16", "3fff::/20"),
    )
)
HEADERS: Final = {
    "content-type": "application/json",
    "user-agent": "ToteTaxi-Webhooks/1",
    "accept-encoding": "identity",
    "connection": "close",
}


@attrs.frozen(kw_only=True)
class SubscriberBounds:
    """How long we wait for an answer to begin, and then for the beginning of its body."""

    timeout_s: float = 10
    body_timeout_s: float = 2


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host as the machine's resolver knows them; it blocks.

    Raises:
        OSError, UnicodeError: it has none.
    """
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class HttpSubscribers:
    """`allow_private` lets any address pass, and plain http: for development and tests alone."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        bounds: SubscriberBounds | None = None,
        names: Callable[[str, int], tuple[str, ...]] = look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private, self._bounds = allow_private, bounds or SubscriberBounds()
        self._names, self._given_tls = names, tls
        # Threads of our own: a name server that is silent holds up nobody else's work.
        self._resolvers = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="subscriber-names")

    async def check(self, url: str) -> None:
        """Look the address up.

        Raises:
            SubscriberAddressError: we would not call it.
        """
        try:
            async with asyncio.timeout(self._bounds.timeout_s):
                await self._addresses(self._checked(url))
        except TimeoutError as error:
            raise SubscriberAddressError("its name server does not answer") from error

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        """Send the body; any answer counts, and no redirect is followed.

        Raises:
            SubscriberUnavailableError: there is no answer in time.
            SubscriberAddressError: the address leads, by now, where we do not call.
        """
        checked = self._checked(url)
        # A client for each call: a kept connection would belong to an address, not to a name.
        async with httpx.AsyncClient(verify=self._tls, trust_env=False) as client:
            try:
                async with asyncio.timeout(self._bounds.timeout_s):
                    response = await self._answer(client, checked, body=body, headers=headers)
            except TimeoutError as error:
                why = f"no answer within {self._bounds.timeout_s:g} s"
                raise SubscriberUnavailableError(why) from error
            except httpx.TransportError as error:
                why = f"no answer ({type(error).__name__})"
                raise SubscriberUnavailableError(why) from error
            return SubscriberAnswer(status=response.status_code, text=await self._begin(response))

    def close(self) -> None:
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpx.create_ssl_context()

    async def _answer(
        self, client: httpx.AsyncClient, url: httpx.URL, *, body: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Return the answer, its body not read; the next address is tried if one is not there."""
        addresses = await self._addresses(url)
        for address in addresses:
            request = httpx.Request(
                "POST",
                url.copy_with(host=address),
                content=body,
                headers={**HEADERS, **headers, "host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii"), "timeout": {}},
            )
            try:
                return await client.send(request, stream=True, follow_redirects=False)
            except httpx.ConnectError:
                if address == addresses[-1]:
                    raise
        raise SubscriberUnavailableError("it has no address")

    async def _begin(self, response: httpx.Response) -> str:
        """Return the beginning of the body, as far as it comes soon: the status says enough."""
        taken = bytearray()
        try:
            async with asyncio.timeout(self._bounds.body_timeout_s):
                async for chunk in response.aiter_raw():
                    taken += chunk[: MAX_ANSWER_BYTES - len(taken)]
                    if len(taken) >= MAX_ANSWER_BYTES:
                        break
        except (TimeoutError, httpx.TransportError):
            pass  # what has come is shown; nothing depends on it
        finally:
            await response.aclose()
        return taken.decode("utf-8", "replace").replace("\x00", "\ufffd")

    def _checked(self, url: str) -> httpx.URL:
        if len(url) > MAX_URL:
            raise SubscriberAddressError(f"it must have at most {MAX_URL} characters")
        try:
            parsed = httpx.URL(url)
            host = parsed.host
        except (httpx.InvalidURL, UnicodeError) as error:  # the latter of a bad xn-- name
            raise SubscriberAddressError("it is not a web address") from error
        schemes = ("https", "http") if self._allow_private else ("https",)
        if parsed.scheme not in schemes or not host:
            raise SubscriberAddressError("it must begin https://")
        if parsed.port is not None and not 0 < parsed.port <= LAST_PORT:
            raise SubscriberAddressError(f"its port must be from 1 to {LAST_PORT}")
        if parsed.userinfo or parsed.fragment:
            raise SubscriberAddressError("it must have no user, password or fragment")
        return parsed

    async def _addresses(self, url: httpx.URL) -> tuple[str, ...]:
        """Return the addresses of the host, every one of which we may call.

        Raises:
            SubscriberAddressError: it has none, or one of another kind.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._resolvers, self._names, url.raw_host.decode("ascii"), port
            )
        except (OSError, UnicodeError) as error:
            raise SubscriberAddressError(f"nobody knows the host {url.host}") from error
        if not self._allow_private and not all(is_public(address) for address in found):
            raise SubscriberAddressError(f"{url.host} is not an address of the public internet")
        return found


def is_public(address: str) -> bool:
    """Tell whether an IP address may be called: not private, loopback, link-local or multicast.

    Of IPv6 only what is given out to anybody, so nothing that has an IPv4 address inside.
    """
    parsed = ip_address(address)
    if not parsed.is_global or any(parsed in network for network in SPECIAL):
        return False
    if parsed.version == 4:  # noqa: PLR2004  IPv4
        return not parsed.is_multicast and not parsed.is_reserved
    return parsed in UNICAST
