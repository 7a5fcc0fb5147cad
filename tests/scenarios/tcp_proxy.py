"""A network in between that can be cut, fall silent or get slow, at a word."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import make_url

PIECE_BYTES: Final = 1 << 16
PATIENCE_S: Final = 30

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Line]]


class TcpProxy:
    """Listens at `port` of loopback, and passes on to where `connect` leads, in a thread."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._lines: set[asyncio.StreamWriter] = set()
        self._is_cut, self._delay_s = False, 0.0
        self.held = 0
        """How many pieces it has held up since it was last told how to be."""
        self._answers_to_lose = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @classmethod
    def to_database(cls, url: str) -> Self:
        """Lead to the server behind a folder's socket, as the embedded one is."""
        query = make_url(url).query
        path = f"{query['host']}/.s.PGSQL.{query['port']}"
        return cls(lambda: asyncio.open_unix_connection(path))

    @classmethod
    def to_port(cls, port: int) -> Self:
        return cls(lambda: asyncio.open_connection("127.0.0.1", port))

    def __enter__(self) -> Self:
        self._thread.start()
        self._flowing = asyncio.Event()
        self._flowing.set()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = self._run(starting)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    def database_url(self, url: str) -> str:
        """Return the URL of the same database by this way."""
        here = make_url(url).set(host="127.0.0.1", port=self.port, query={})
        return here.render_as_string(hide_password=False)

    def cut(self) -> None:
        """Break every connection, and each new one as soon as it is made."""
        self._run(self._set(is_cut=True))

    def hang(self) -> None:
        """Take what comes, and pass nothing on."""
        self._run(self._set(is_flowing=False))

    def slow(self, delay_s: float) -> None:
        """Hold every piece up, both ways."""
        self._run(self._set(delay_s=delay_s))

    def lose_answers(self, number: int) -> None:
        """Break a connection as its answer comes, so many times."""
        self._run(self._set(answers_to_lose=number))

    def mend(self) -> None:
        """Be as if nothing were in between; what was held goes on its way."""
        self._run(self._set())

    async def _set(
        self,
        *,
        is_cut: bool = False,
        is_flowing: bool = True,
        delay_s: float = 0,
        answers_to_lose: int = 0,
    ) -> None:
        self._is_cut, self._delay_s = is_cut, delay_s
        self.held = 0
        self._answers_to_lose = answers_to_lose
        if is_flowing:
            self._flowing.set()
        else:
            self._flowing.clear()
        if is_cut:
            self._break_all()

    def _break_all(self) -> None:
        for writer in self._lines:
            writer.transport.abort()

    async def _close(self) -> None:
        self._server.close()
        self._break_all()
        ours = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not ours]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        with suppress(OSError):  # nobody there: whoever called sees the connection end
            far_reader, far_writer = await self._connect()
            self._lines |= {writer, far_writer}
            try:
                await asyncio.gather(
                    self._pass_on(reader, far_writer), self._pass_back(far_reader, writer)
                )
            finally:
                self._lines -= {writer, far_writer}
                far_writer.transport.abort()
        writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE_BYTES):
            await self._pass(piece, writer)
        if writer.can_write_eof():
            writer.write_eof()

    async def _pass_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE_BYTES):
            if self._answers_to_lose:
                self._answers_to_lose -= 1
                raise ConnectionResetError
            await self._pass(piece, writer)
        if writer.can_write_eof():
            writer.write_eof()

    async def _pass(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        self.held += not self._flowing.is_set()
        await self._flowing.wait()
        writer.write(piece)
        await writer.drain()

    def _run(self, job: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  what the job returns
        done: Future[Any] = asyncio.run_coroutine_threadsafe(job, self._loop)
        return done.result(PATIENCE_S)
