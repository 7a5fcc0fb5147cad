"""The sandbox as an application of its own."""

from collections.abc import Mapping, Sequence
from typing import Final

from litestar import Litestar, MediaType, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from totetaxi_adapters.sandbox.stripe import StripeSandbox, stripe_sandbox_router
from totetaxi_adapters.sandbox.stripe.pages import layout

STRIPE_LINKS: Final = {"Stripe payments": "/sandbox/stripe"}


def sandbox_index(links: Mapping[str, str] = STRIPE_LINKS) -> HTTPRouteHandler:
    """Return the route of the first page: titles and where they lead."""
    items = "".join(f'<li><a href="{path}">{title}</a></li>' for title, path in links.items())
    page = layout("Sandbox", f"<ul>{items}</ul>")

    @get("/sandbox", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=False)
    def index() -> str:
        return page

    return index


def create_sandbox_app(
    stripe: StripeSandbox, *, others: Sequence[ControllerRouterHandler] = ()
) -> Litestar:
    """Return an application that serves the sandbox, and runs it as long as it is up itself."""
    return Litestar(
        route_handlers=[sandbox_index(), stripe_sandbox_router(stripe), *others],
        lifespan=[stripe.running()],
        openapi_config=None,
        logging_config=None,
    )
