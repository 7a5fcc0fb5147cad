"""Everything below /api/public."""

from litestar import Router

from totetaxi_http.public.availability import availability
from totetaxi_http.public.booking_status import booking_status
from totetaxi_http.public.catalog import (
    mini_moves_with_organizing,
    organizing_by_tier,
    organizing_service,
    services,
)
from totetaxi_http.public.guest_booking import guest_booking
from totetaxi_http.public.manage import manage
from totetaxi_http.public.manage_cancellation import cancellation, cancellation_preview
from totetaxi_http.public.manage_documents import (
    document,
    document_remove,
    document_upload,
    documents,
)
from totetaxi_http.public.manage_papers import manage_invoice, manage_receipt
from totetaxi_http.public.manage_reschedule import reschedule, reschedule_preview
from totetaxi_http.public.pay import pay
from totetaxi_http.public.pricing_preview import preview_by_body, preview_by_query
from totetaxi_http.public.service_area import service_area


def public_router() -> Router:
    """Return the handlers anybody may call."""
    return Router(
        path="/api/public",
        tags=["public"],
        route_handlers=[
            services,
            mini_moves_with_organizing,
            organizing_by_tier,
            organizing_service,
            preview_by_query,
            preview_by_body,
            availability,
            service_area,
            booking_status,
            guest_booking,
            manage,
            pay,
            cancellation_preview,
            cancellation,
            reschedule_preview,
            reschedule,
            documents,
            document_upload,
            document,
            document_remove,
            manage_invoice,
            manage_receipt,
        ],
    )
