"""Several processes behind one port: each that dies is started anew.

This process listens and answers nothing. A caller who comes while all are starting waits; the ones
a killed process had not taken up yet are taken up by another.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from subprocess import PIPE
from typing import Final

import structlog

from totetaxi_core.refusal import DomainError

STOP_S: Final = 25  # a member drains for 15 s
STEADY_S: Final = 10.0
LONGEST_PAUSE_S: Final = 30.0
MEMBER: Final = "totetaxi_cli.group_member"
_LOG = structlog.get_logger(__name__)


class Role(StrEnum):
    """What a process of the group does."""

    API = "api"
    WORKER = "worker"


class MemberFailedError(DomainError):
    """A process of the group ended before it was ready: its own last line says why."""

    code = "process_failed"

    def __init__(self, role: Role) -> None:
        super().__init__(f"a process of the service ({role}) could not start")


async def serve_group(
    listener: socket.socket, roles: Sequence[Role], *, url: str, announce: Callable[[], None]
) -> None:
    """Keep a process in each role until SIGTERM or SIGINT; then end them all, and leave.

    `url` is the listener's, as reached from this machine. `announce` is called once all are ready.

    Raises:
        MemberFailedError: one of them ended before it had ever been ready.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    members = [Member(role, listener, url) for role in roles]
    keeping = [asyncio.create_task(member.keep(stop)) for member in members]
    telling = asyncio.create_task(_announce(members, announce))
    await stop.wait()
    listener.close()  # or callers would wait here, where nobody answers, until the last has left
    await asyncio.wait(keeping)  # any that ends stops the others
    telling.cancel()
    for each in keeping:
        each.result()


async def _announce(members: Sequence["Member"], announce: Callable[[], None]) -> None:
    for member in members:
        await member.ready.wait()
    announce()


class Member:
    """One process of the group, started anew whenever it ends.

    It tells on its standard output that it is ready, and leaves when its standard input ends: that
    is when this process dies.
    """

    def __init__(self, role: Role, listener: socket.socket, url: str) -> None:
        self.role, self._listener, self._url = role, listener, url
        self.ready = asyncio.Event()  # set once it has ever been ready

    async def keep(self, stop: asyncio.Event) -> None:
        """Keep it running until `stop` is set, which is done here if it never gets ready.

        Raises:
            MemberFailedError: its first process ended before it was ready.
        """
        pause_s = 0.0
        try:
            while not stop.is_set():
                started_at_s = time.monotonic()
                status = await self._live(stop)
                if stop.is_set():
                    return
                if not self.ready.is_set():
                    raise MemberFailedError(self.role)
                pause_s = next_pause_s(pause_s, lived_s=time.monotonic() - started_at_s)
                _LOG.error("process_ended", role=self.role, status=status, again_in_s=pause_s)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause_s)
        finally:
            stop.set()

    async def _live(self, stop: asyncio.Event) -> int:
        """Start a process, and return its exit status once it has ended, by itself or by us."""
        process = await self._start()
        hearing = asyncio.create_task(self._hear(process))
        stopping = asyncio.create_task(stop.wait())
        ending = asyncio.create_task(process.wait())
        await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            with suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait({ending}, timeout=STOP_S)
        if not ending.done():
            _LOG.error("process_killed", role=self.role, after_s=STOP_S)
            with suppress(ProcessLookupError):
                process.kill()
        status = await ending
        await hearing
        stopping.cancel()
        return status

    async def _start(self) -> Process:
        arguments = [self.role, "--listener", str(self._listener.fileno()), "--url", self._url]
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", MEMBER, *arguments),
            stdin=PIPE,
            stdout=PIPE,
            env=member_environ(self._listener),
            start_new_session=True,  # Ctrl-C comes to us, who pass it on
            pass_fds=[self._listener.fileno()] if self.role is Role.API else [],
        )

    async def _hear(self, process: Process) -> None:
        """Wait for its ready line; its output ends with it."""
        if process.stdout is not None and await process.stdout.readline():
            self.ready.set()


def next_pause_s(last_pause_s: float, *, lived_s: float) -> float:
    """Return how long to wait before the next start: not at all after a steady life.

    Else 1 s, then twice the last pause each time, at most 30 s.
    """
    if lived_s >= STEADY_S:
        return 0.0
    return min(LONGEST_PAUSE_S, max(1.0, 2 * last_pause_s))


def member_environ(listener: socket.socket) -> dict[str, str]:
    """Return the environment of every process of the group."""
    return {**os.environ, "PORT": str(listener.getsockname()[1])}
