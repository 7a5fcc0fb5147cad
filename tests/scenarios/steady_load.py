"""Many requests over a few connections kept alive, whatever the answers are."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

CONNECTIONS: Final = 8
LENGTH: Final = b"content-length:"


def asked(method: str, path: str, *, body: object = None, headers: str = "") -> bytes:
    """Return a request as it goes over the wire; `headers` are whole lines."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}"
    if content:
        head += f"content-type: application/json\r\ncontent-length: {len(content)}\r\n"
    return f"{head}\r\n".encode() + content


def ask_all(port: int, requests: Iterator[bytes]) -> Counter[int]:
    """Return how many answers there were of each status."""
    return asyncio.run(_ask_all(port, requests))


async def _ask_all(port: int, requests: Iterator[bytes]) -> Counter[int]:
    statuses: Counter[int] = Counter()
    async with asyncio.TaskGroup() as asking:
        for _ in range(CONNECTIONS):
            asking.create_task(_ask(port, requests, statuses))
    return statuses


async def _ask(port: int, requests: Iterator[bytes], statuses: Counter[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        statuses[int(head.split(b" ", 2)[1])] += 1
        _, _, rest = head.lower().partition(LENGTH)
        await reader.readexactly(int(rest.partition(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()
