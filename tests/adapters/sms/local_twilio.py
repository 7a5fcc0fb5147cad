"""A small Twilio on this machine, that answers as it is told."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass
class Call:
    path: str
    login: str
    form: dict[str, str]


@dataclass
class LocalTwilio:
    """`refusal` is a status and code for the next text; None as an answer closes the connection."""

    calls: list[Call] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    refusal: tuple[int, int] | None = None
    is_mute: bool = False
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in headers.items()}
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        login = b64decode(headers["authorization"].removeprefix("Basic ")).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        self.calls.append(Call(path=head[0].split()[1], login=login, form=form))
        if self.refusal is None:
            self.taken.append(form)
        if not self.is_mute:
            writer.write(self._answer())
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    def _answer(self) -> bytes:
        status, told = 201, json.dumps({"sid": f"SM{len(self.taken):032x}", "status": "queued"})
        if self.refusal is not None:
            status, code = self.refusal
            told = json.dumps({"code": code, "message": "no", "status": status})
        return (
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(told)}\r\n\r\n{told}"
        ).encode()


@asynccontextmanager
async def local_twilio() -> AsyncIterator[LocalTwilio]:
    twilio = LocalTwilio()
    server = await asyncio.start_server(twilio.answer, "127.0.0.1", 0)
    twilio.port = server.sockets[0].getsockname()[1]
    try:
        yield twilio
    finally:
        server.close()
        await server.wait_closed()
