"""The sandbox as an application of its own."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from litestar import Litestar, MediaType, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from totetaxi_adapters.sandbox.onfleet import OnfleetSandbox, onfleet_sandbox_router
from totetaxi_adapters.sandbox.pages import layout
from totetaxi_adapters.sandbox.stripe import StripeSandbox, stripe_sandbox_router

STRIPE_LINKS: Final = {"Stripe payments": "/sandbox/stripe"}
MESSAGE_LINKS: Final = {"Messages": "/sandbox/messages"}
ONFLEET_LINKS: Final = {"Onfleet deliveries": "/sandbox/onfleet"}


def sandbox_index(links: Mapping[str, str]) -> HTTPRouteHandler:
    """Return the route of the first page: titles and where they lead."""
    items = "".join(f'<li><a href="{path}">{title}</a></li>' for title, path in links.items())
    page = layout("Sandbox", f"<ul>{items}</ul>")

    @get("/sandbox", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=False)
    def index() -> str:
        return page

    return index


def create_sandbox_app(
    stripe: StripeSandbox | None = None,
    *,
    onfleet: OnfleetSandbox | None = None,
    others: Sequence[ControllerRouterHandler] = (),
) -> Litestar:
    """Return an application that serves these sandboxes, and runs them while it is up itself."""
    routers: list[ControllerRouterHandler] = []
    links: dict[str, str] = {}
    running: list[AbstractAsyncContextManager[None]] = []
    if stripe is not None:
        routers.append(stripe_sandbox_router(stripe))
        links |= STRIPE_LINKS
        running.append(stripe.running())
    if onfleet is not None:
        routers.append(onfleet_sandbox_router(onfleet))
        links |= ONFLEET_LINKS
        running.append(onfleet.running())
    if others:
        links |= MESSAGE_LINKS
    return Litestar(
        route_handlers=[sandbox_index(links), *routers, *others],
        lifespan=running,
        openapi_config=None,
        logging_config=None,
    )
