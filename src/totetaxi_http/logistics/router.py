"""Everything below /api/logistics."""

from litestar import Router

from totetaxi_http.logistics.webhook import check_webhook, webhook


def logistics_router() -> Router:
    """Return the courier service's handlers."""
    return Router(
        path="/api/logistics", tags=["logistics"], route_handlers=[check_webhook, webhook]
    )
