"""Whose request it is, when proxies stand between: forwarded addresses of trusted ones only."""

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
_IPV6_SITE_BITS = 64


class ClientAddresses:
    """Puts the caller's own address and scheme in the scope, if the peer is a trusted proxy."""

    def __init__(self, app: ASGIApp, *, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted
        self._is_trusted = lru_cache(maxsize=1_024)(self._trusts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope.get("client")
        if scope["type"] == ScopeType.HTTP and peer is not None and self._is_trusted(peer[0]):
            self._correct(scope, peer[0])
        await self._app(scope, receive, send)

    def _correct(self, scope: Scope, peer: str) -> None:
        hops = _listed(scope, b"x-forwarded-for")
        scope["client"] = (self._first_untrusted(hops, peer=peer), 0)
        scheme = next(reversed(_listed(scope, b"x-forwarded-proto")), "")
        if scheme in ("http", "https"):
            scope["scheme"] = scheme

    def _first_untrusted(self, hops: list[str], *, peer: str) -> str:
        """Walk from the nearest hop outward: what a stranger wrote stands further out."""
        address = peer
        for hop in reversed(hops):
            if not _is_address(hop):
                break
            address = hop
            if not self._is_trusted(hop):
                break
        return address

    def _trusts(self, text: str) -> bool:
        if not _is_address(text):
            return False
        address = _address(text)
        return any(address in network for network in self._trusted)


def address_key(scope: Scope) -> str:
    """Return what stands for the caller when calls are counted: an IPv6 site counts as one."""
    client = scope.get("client")
    return "unknown" if client is None else _key(client[0])


@lru_cache(maxsize=4_096)
def _key(text: str) -> str:
    if not _is_address(text):
        return text
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_SITE_BITS), strict=False))
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address:
    """Return the address; one of IPv4 that a socket of both families shows as IPv6 is IPv4."""
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _listed(scope: Scope, header: bytes) -> list[str]:
    values = b",".join(value for name, value in scope["headers"] if name == header)
    return [part.strip() for part in values.decode("latin-1").split(",") if part.strip()]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
