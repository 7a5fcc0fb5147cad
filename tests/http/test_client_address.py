"""Forwarded addresses count from trusted proxies only."""

import pytest

from tests.http.echo import MemorySharedLimiter, client_of, echo_app


async def counted(*, peer: str, forwarded: str | None, trusted: str) -> str:
    shared = MemorySharedLimiter()
    app = echo_app({"TRUSTED_PROXIES": trusted}, limiter=shared)
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    async with client_of(app, address=peer) as client:
        await client.post("/login", headers=headers)
    return shared.hits[0].removeprefix("login:address:")


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("10.0.0.1", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7", "", "10.0.0.1"),
        ("203.0.113.5", "198.51.100.7", "10.0.0.0/8", "203.0.113.5"),
        ("10.0.0.1", None, "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.9", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, junk", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.0/8", "10.0.0.3"),
        ("10.0.0.1", "2001:db8:1:2:3::4", "10.0.0.0/8", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", None, "", "203.0.113.5"),
        ("::ffff:10.0.0.1", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, ::ffff:10.0.0.2", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "::ffff:198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
    ],
)
async def test_given_proxies_when_called_then_the_first_stranger_is_the_caller(
    peer: str, forwarded: str | None, trusted: str, expected: str
) -> None:
    address = await counted(peer=peer, forwarded=forwarded, trusted=trusted)

    assert address == expected
