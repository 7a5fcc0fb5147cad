"""Whom we call, whom we do not, and what we make of what comes back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from totetaxi_adapters.subscribers import (
    MAX_ANSWER_BYTES,
    HttpSubscribers,
    SubscriberBounds,
    is_public,
)
from totetaxi_core.webhooks.subscriber_gateway import (
    SubscriberAddressError,
    SubscriberUnavailableError,
)

NAME = "client.example"
PUBLIC = "93.184.216.34"
QUICK = SubscriberBounds(timeout_s=0.2, body_timeout_s=0.2)

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def named(*addresses: str) -> Callable[[str, int], tuple[str, ...]]:
    return lambda _host, _port: addresses


@asynccontextmanager
async def serving(answer: Handler, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve on loopback; each request is read to its end, then answered. Yield the port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        request = head + await reader.readexactly(length)
        await answer(request, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def saying(status: str, body: bytes = b"", *headers: str) -> Handler:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  an address to refuse
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fec0::1",
        "fd00::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "3fff::1",
        "192.0.0.192",
        "192.88.99.1",
        "168.63.129.16",
    ],
)
async def test_given_an_address_not_of_the_internet_when_checked_then_it_is_refused(
    address: str,
) -> None:
    mixed = HttpSubscribers(names=named(PUBLIC, address))

    with pytest.raises(SubscriberAddressError):
        await mixed.check(f"https://{NAME}/hook")

    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111"])
async def test_given_an_address_of_the_internet_when_checked_then_it_passes(address: str) -> None:
    asked: list[tuple[str, int]] = []

    def names(host: str, port: int) -> tuple[str, ...]:
        asked.append((host, port))
        return (address,)

    await HttpSubscribers(names=names).check("https://cliént.example:8443/hook?of=totetaxi")

    assert asked == [("xn--clint-dsa.example", 8443)]


@pytest.mark.parametrize(
    "url",
    [
        f"http://{NAME}/hook",
        f"ftp://{NAME}/hook",
        "https:///hook",
        "/hook",
        "",
        f"https://user:password@{NAME}/hook",
        f"https://{NAME}/hook#part",
        f"https://{NAME}:port/hook",
        f"https://{PUBLIC}:0/hook",
        f"https://{PUBLIC}:-1/hook",
        f"https://{PUBLIC}:65536/hook",
        "https://xn--/hook",
        f"https://{NAME}/{'x' * 2_000}",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/latest/meta-data",
        "https://localhost/",
    ],
)
async def test_given_a_bad_url_when_checked_then_it_is_refused(url: str) -> None:
    with pytest.raises(SubscriberAddressError):
        await HttpSubscribers().check(url)


async def test_given_a_name_that_nobody_knows_when_checked_then_it_is_refused() -> None:
    def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise OSError("unknown")

    with pytest.raises(SubscriberAddressError):
        await HttpSubscribers(names=unknown).check(f"https://{NAME}/hook")


async def test_given_a_name_that_moved_to_loopback_when_posted_then_nobody_is_called() -> None:
    called: list[bytes] = []

    async def note(request: bytes, _writer: asyncio.StreamWriter) -> None:
        called.append(request)

    answers = [(PUBLIC,), ("127.0.0.1",)]
    async with serving(note) as port:
        subscribers = HttpSubscribers(names=lambda _host, _port: answers.pop(0))
        await subscribers.check(f"https://{NAME}:{port}/hook")
        with pytest.raises(SubscriberAddressError):
            await subscribers.post(f"https://{NAME}:{port}/hook", body=b"{}", headers={})

    assert (called, answers) == ([], [])


async def test_given_a_subscriber_when_posted_then_it_gets_body_headers_and_its_own_name() -> None:
    got: list[bytes] = []

    async def note(request: bytes, writer: asyncio.StreamWriter) -> None:
        got.append(request)
        await saying("202 Accepted", b"thanks")(request, writer)

    subscribers = HttpSubscribers(allow_private=True, names=named("127.0.0.1"))
    async with serving(note) as port:
        answer = await subscribers.post(
            f"http://{NAME}:{port}/hook?a=b", body=b'{"id":1}', headers={"webhook-id": "one"}
        )

    head, body = got[0].split(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert (answer.status, answer.text, body) == (202, "thanks", b'{"id":1}')
    assert lines[0] == "post /hook?a=b http/1.1"
    assert {f"host: {NAME}:{port}", "webhook-id: one", "content-type: application/json"} <= {*lines}


@pytest.mark.parametrize(
    ("line", "status"),
    [("302 Found", 302), ("410 Gone", 410), ("500 Oh", 500), ("204 No Content", 204)],
)
async def test_given_any_status_when_posted_then_it_is_told_and_no_redirect_is_followed(
    line: str, status: int
) -> None:
    subscribers = HttpSubscribers(allow_private=True)
    async with serving(saying(line, b"", "location: http://127.0.0.1:1/")) as port:
        answer = await subscribers.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={})

    assert answer.status == status


async def test_given_an_endless_body_when_posted_then_only_its_beginning_is_taken() -> None:
    async def endless(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            try:
                await writer.drain()
            except ConnectionError:
                return

    subscribers = HttpSubscribers(allow_private=True)
    async with serving(endless) as port:
        answer = await subscribers.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={})

    assert (answer.status, answer.text) == (200, "x" * MAX_ANSWER_BYTES)


async def test_given_a_body_that_never_ends_when_posted_then_its_status_counts() -> None:
    ended = asyncio.Event()

    async def silent_body(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok")
        await ended.wait()

    subscribers = HttpSubscribers(allow_private=True, bounds=QUICK)
    async with serving(silent_body) as port:
        answer = await subscribers.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={})
        ended.set()

    assert (answer.status, answer.text) == (200, "ok")


async def test_given_a_silent_subscriber_when_posted_then_it_is_given_up_in_time() -> None:
    ended = asyncio.Event()

    async def silent(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        await ended.wait()

    subscribers = HttpSubscribers(allow_private=True, bounds=QUICK)
    async with serving(silent) as port:
        with pytest.raises(SubscriberUnavailableError, match="within"):
            await subscribers.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={})
        ended.set()


async def test_given_nobody_at_the_first_address_when_posted_then_the_next_is_called() -> None:
    subscribers = HttpSubscribers(allow_private=True, names=named("127.0.0.2", "127.0.0.1"))
    async with serving(saying("200 OK")) as port:
        answer = await subscribers.post(f"http://{NAME}:{port}/", body=b"{}", headers={})

    with pytest.raises(SubscriberUnavailableError):
        await subscribers.post(f"http://{NAME}:{port}/", body=b"{}", headers={})
    assert answer.status == 200


async def test_given_tls_when_posted_then_the_certificate_must_be_of_the_name(
    tmp_path: Path,
) -> None:
    certificate = certificate_of(NAME, tmp_path)
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificate)
    tls = ssl.create_default_context(cafile=certificate)
    subscribers = HttpSubscribers(allow_private=True, names=named("127.0.0.1"), tls=tls)

    async with serving(saying("200 OK"), tls=server_tls) as port:
        answer = await subscribers.post(f"https://{NAME}:{port}/", body=b"{}", headers={})
        with pytest.raises(SubscriberUnavailableError):
            await subscribers.post(f"https://other.example:{port}/", body=b"{}", headers={})

    assert answer.status == 200


def certificate_of(name: str, folder: Path) -> Path:
    """Write a key and its own certificate for a host, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    written = folder / "server.pem"
    written.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return written
