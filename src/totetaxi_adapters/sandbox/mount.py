"""The sandbox beside the service, in the same process, for callers on this machine alone."""

import ipaddress
import re

from litestar import Litestar
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Receive, Scope, Send

from totetaxi_adapters.providers import (
    ONFLEET_WEBHOOK_PATH,
    WEBHOOK_PATH,
    onfleet_secret,
    sandbox_webhook_secret,
    uses_onfleet_sandbox,
    uses_stripe_sandbox,
)
from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.messages import kept_messages, message_as_html
from totetaxi_adapters.sandbox.onfleet import OnfleetSandbox, OnfleetSandboxSettings
from totetaxi_adapters.sandbox.stripe import StripeSandbox, StripeSandboxSettings
from totetaxi_adapters.wiring import Wiring

PREFIX = "/sandbox"
_LOOPBACK_HOST = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?")
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for"})


def sandbox_of(wiring: Wiring, *, service_url: str | None) -> Litestar:
    """Return the sandbox, on the wiring's database, of the providers the settings do not name.

    It sends its events to the service at `service_url`; without one they wait for a process
    that has one.
    """
    settings = wiring.settings
    app = create_sandbox_app(
        _stripe_of(wiring, service_url) if uses_stripe_sandbox(settings) else None,
        onfleet=_onfleet_of(wiring, service_url) if uses_onfleet_sandbox(settings) else None,
        others=[
            make(wiring.ports.unit_of_work, wiring.terms)
            for make in (kept_messages, message_as_html)
        ],
    )
    # Also where it listens by itself, without a service beside it.
    app.asgi_handler = SandboxMount(_not_found, app.asgi_handler)
    return app


def _stripe_of(wiring: Wiring, service_url: str | None) -> StripeSandbox:
    secret = wiring.settings.stripe_webhook_secret
    settings = StripeSandboxSettings(
        database_url=wiring.database_url,
        webhook_secret=secret.reveal() if secret else sandbox_webhook_secret(wiring.settings),
        webhook_url=f"{service_url}{WEBHOOK_PATH}" if service_url else None,
        clock=wiring.ports.clock,
    )
    return StripeSandbox(settings)


def _onfleet_of(wiring: Wiring, service_url: str | None) -> OnfleetSandbox:
    settings = OnfleetSandboxSettings(
        database_url=wiring.database_url,
        webhook_secret=onfleet_secret(wiring.settings),
        webhook_url=f"{service_url}{ONFLEET_WEBHOOK_PATH}" if service_url else None,
        # Not where a worker's own sandbox listens, which is gone with it.
        pages_url=service_url or wiring.terms.public_url,
        clock=wiring.ports.clock,
    )
    return OnfleetSandbox(settings)


class SandboxMount:
    """Sends /sandbox to the sandbox and everything else to the service.

    To whoever is not on this machine the sandbox is not there: the service answers.
    """

    def __init__(self, service: ASGIApp, sandbox: ASGIApp) -> None:
        self._service, self._sandbox = service, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_sandbox = scope.get("path", "").startswith(PREFIX)  # the lifespan has no path
        app = self._sandbox if is_sandbox and _is_local(scope) else self._service
        await app(scope, receive, send)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await ASGIResponse(status_code=404)(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    """Tell whether a program or browser here asked for this machine by its own name.

    A page of another site may have had its name point here (DNS rebinding): it shows in Host. A
    proxy here is no caller from here.
    """
    headers = scope["headers"]
    hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    named = len(hosts) == 1 and _LOOPBACK_HOST.fullmatch(hosts[0]) is not None
    return named and _comes_from_here(scope) and not any(name in _FORWARDED for name, _ in headers)


def _comes_from_here(scope: Scope) -> bool:
    client = scope.get("client")
    if client is None:
        return False
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
