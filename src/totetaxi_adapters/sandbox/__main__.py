"""The sandbox as a process of its own, on loopback only."""

import argparse
import signal
import socket
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Final, NoReturn

import uvicorn

from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.onfleet import OnfleetSandbox, OnfleetSandboxSettings
from totetaxi_adapters.sandbox.stripe import StripeSandbox, StripeSandboxSettings

HOST: Final = "127.0.0.1"
SHUTDOWN_S: Final = 3


class _AnnouncingServer(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            port = sockets[0].getsockname()[1]
            print(f"sandbox ready on http://{HOST}:{port}/sandbox", flush=True)  # noqa: T201  its one line


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    options = _parser().parse_args(arguments)
    settings = StripeSandboxSettings(
        database_url=options.database_url,
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
        refund_settle_s=options.refund_settle_s,
    )
    config = uvicorn.Config(
        create_sandbox_app(StripeSandbox(settings), onfleet=_onfleet_of(options)),
        log_level="warning",
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    # uvicorn hands the signal back after its shutdown: being told to stop is no failure.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with _listener(options.port) as listener:
        _AnnouncingServer(config).run(sockets=[listener])


def _onfleet_of(options: argparse.Namespace) -> OnfleetSandbox | None:
    if options.onfleet_webhook_secret is None:
        return None
    settings = OnfleetSandboxSettings(
        database_url=options.database_url,
        webhook_url=options.onfleet_webhook_url,
        webhook_secret=options.onfleet_webhook_secret,
    )
    return OnfleetSandbox(settings)


def _listener(port: int) -> socket.socket:
    """Bind as TCP by name: asyncio turns Nagle's delay (40 ms an answer) off only then."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def _leave(_: int, __: FrameType | None) -> NoReturn:
    sys.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m totetaxi_adapters.sandbox", description=__doc__
    )
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--webhook-url", help="without it, events wait")
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--refund-settle-s", type=float, default=2.0)
    parser.add_argument("--onfleet-webhook-url", help="until webhooks are registered")
    parser.add_argument(
        "--onfleet-webhook-secret", help="hexadecimal; without it Onfleet is not served"
    )
    return parser


if __name__ == "__main__":
    main()
