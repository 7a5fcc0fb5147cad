"""The sandbox beside the service, in the same process, for callers on this machine alone."""

import ipaddress

from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from totetaxi_adapters.providers import WEBHOOK_PATH, sandbox_webhook_secret
from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.messages import kept_messages
from totetaxi_adapters.sandbox.stripe import StripeSandbox, StripeSandboxSettings
from totetaxi_adapters.wiring import Wiring

PREFIX = "/sandbox"


def sandbox_of(wiring: Wiring, *, service_url: str | None) -> Litestar:
    """Return the sandbox on the wiring's database.

    It sends its events to the service at `service_url`; without one they wait for a process
    that has one.
    """
    secret = wiring.settings.stripe_webhook_secret
    settings = StripeSandboxSettings(
        database_url=wiring.database_url,
        webhook_secret=secret.reveal() if secret else sandbox_webhook_secret(wiring.settings),
        webhook_url=f"{service_url}{WEBHOOK_PATH}" if service_url else None,
        clock=wiring.ports.clock,
    )
    return create_sandbox_app(
        StripeSandbox(settings), others=[kept_messages(wiring.ports.unit_of_work)]
    )


class SandboxMount:
    """Sends /sandbox to the sandbox and everything else to the service."""

    def __init__(self, service: ASGIApp, sandbox: ASGIApp) -> None:
        self._service, self._sandbox = service, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_sandbox = scope.get("path", "").startswith(PREFIX)  # the lifespan has no path
        app = self._sandbox if is_sandbox and _is_local(scope) else self._service
        await app(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and ipaddress.ip_address(client[0]).is_loopback
