"""Everything below /api/payments."""

from litestar import Router

from totetaxi_http.payments.confirm import confirm
from totetaxi_http.payments.intent import create_intent
from totetaxi_http.payments.webhook import webhook


def payments_router() -> Router:
    """Return the payment handlers."""
    return Router(
        path="/api/payments", tags=["payments"], route_handlers=[create_intent, confirm, webhook]
    )
