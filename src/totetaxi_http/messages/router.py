"""Everything below /api/messages."""

from litestar import Router

from totetaxi_http.messages.ses_notice import ses_notice
from totetaxi_http.messages.sms_status import sms_status


def messages_router() -> Router:
    """Return the handlers of those who carry our messages."""
    return Router(path="/api/messages", tags=["messages"], route_handlers=[sms_status, ses_notice])
