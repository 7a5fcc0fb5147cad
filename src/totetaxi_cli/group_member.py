"""One process of `totetaxi serve --workers N`, which starts it: nobody else has reason to.

`python -m totetaxi_cli.group_member api --listener 7 --url http://127.0.0.1:8000`
"""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from typing import Any

from totetaxi_adapters.event_loop import run
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.settings import Settings
from totetaxi_cli.command_wiring import read_settings, ready_database
from totetaxi_cli.main import NEW_OBJECTS_BETWEEN_LOOKS_FOR_GARBAGE
from totetaxi_cli.refusal_lines import refusal_lines
from totetaxi_cli.service_group import Role
from totetaxi_cli.service_process import serve_on, work_alone
from totetaxi_cli.stop_signals import leaving_on_signals

LIFELINE = 0  # standard input, whose other end the starting process holds


def main() -> None:
    """Serve or work until told to stop, or until whoever started this is gone."""
    gc.set_threshold(NEW_OBJECTS_BETWEEN_LOOKS_FOR_GARBAGE)
    asked = _parser().parse_args()
    with leaving_on_signals():
        try:
            _live(Role(asked.role), asked.listener, asked.url)
        except Exception as error:
            lines = refusal_lines(error)
            if not lines:
                raise
            sys.exit("\n".join(lines))


def _live(role: Role, listener: int, url: str) -> None:
    settings = read_settings()
    configure_logging(level=settings.log_level)
    with ready_database(settings) as database_url:
        run(_bound_to_lifeline(_work_of(role, listener, url, settings, database_url)))


def _work_of(
    role: Role, listener: int, url: str, settings: Settings, database_url: str
) -> Coroutine[Any, Any, None]:
    if role is Role.WORKER:
        return work_alone(settings, database_url, announce=_announce)
    return serve_on(
        socket.socket(fileno=listener),
        settings,
        database_url,
        url=url,
        with_worker=False,
        announce=lambda _: _announce(),
    )


async def _bound_to_lifeline(work: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    loop.add_reader(LIFELINE, _leave, loop)
    await work


def _leave(loop: asyncio.AbstractEventLoop) -> None:
    """Stop as on SIGTERM: there is never anything to read but the end."""
    loop.remove_reader(LIFELINE)
    os.kill(os.getpid(), signal.SIGTERM)


def _announce() -> None:
    gc.freeze()  # code and handlers stay: no look for garbage goes through them again
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__)
    parser.add_argument("role", choices=list(Role))
    parser.add_argument("--listener", type=int, help="descriptor of the bound socket")
    parser.add_argument("--url", help="the socket's address as reached from this machine")
    return parser


if __name__ == "__main__":
    main()
