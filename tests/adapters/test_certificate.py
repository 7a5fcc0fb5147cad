"""Until when a certificate holds, whatever is wrong with it."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.adapters.metrics.tls_server import tls_server
from totetaxi_adapters.certificate import certificate_ends_at


@pytest.mark.parametrize("year", [2020, 2090])
async def test_given_a_certificate_when_looked_at_then_its_end_is_told_even_when_past(
    tmp_path: Path, year: int
) -> None:
    ends_at = datetime(year, 3, 1, 12, 0, tzinfo=UTC)

    async with tls_server(tmp_path, ends_at=ends_at) as url:
        told = await certificate_ends_at(url)

    assert told == ends_at


async def test_given_plain_http_when_looked_at_then_there_is_no_certificate() -> None:
    assert await certificate_ends_at("http://127.0.0.1:1") is None


async def test_given_a_server_that_says_nothing_when_looked_at_then_it_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises(OSError, match=r"no answer within 0\.2 s"):
            await certificate_ends_at(url, timeout_s=0.2)


async def test_given_a_certificate_that_is_none_when_looked_at_then_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl.SSLObject, "getpeercert", lambda *_, **__: b"no certificate")

    async with tls_server(tmp_path, ends_at=datetime(2090, 1, 1, tzinfo=UTC)) as url:
        with pytest.raises(OSError, match="cannot be read"):
            await certificate_ends_at(url)
