"""Everything below /api/customer."""

from litestar import Router

from totetaxi_http.customer.addresses import (
    address,
    address_change,
    address_create,
    address_remove,
    address_replace,
    addresses,
)
from totetaxi_http.customer.analytics import own_analytics
from totetaxi_http.customer.booking import (
    own_booking,
    own_cancellation,
    own_cancellation_preview,
    rebook,
)
from totetaxi_http.customer.bookings import create_booking, own_bookings
from totetaxi_http.customer.documents import (
    own_document,
    own_document_remove,
    own_document_upload,
    own_documents,
)
from totetaxi_http.customer.export import account_export
from totetaxi_http.customer.guard import customer_only
from totetaxi_http.customer.papers import own_invoice, own_receipt
from totetaxi_http.customer.password import change, confirm_reset, reset
from totetaxi_http.customer.pay import pay_booking
from totetaxi_http.customer.payment_methods import (
    payment_method,
    payment_method_default,
    payment_method_remove,
    payment_method_save,
    payment_methods,
    setup_intent,
)
from totetaxi_http.customer.profile import (
    account_delete,
    profile,
    profile_change,
    profile_replace,
)
from totetaxi_http.customer.registration import register, resend, verify
from totetaxi_http.customer.reschedule import own_reschedule, own_reschedule_preview
from totetaxi_http.customer.session import login, logout, refresh


def customer_router() -> Router:
    """Return the handlers of customers; all but those to get an account are behind the guard."""
    guarded = Router(
        path="/",
        guards=[customer_only],
        route_handlers=[
            logout,
            change,
            profile,
            profile_replace,
            profile_change,
            account_delete,
            account_export,
            addresses,
            address_create,
            address,
            address_replace,
            address_change,
            address_remove,
            payment_methods,
            setup_intent,
            payment_method_save,
            payment_method,
            payment_method_default,
            payment_method_remove,
            pay_booking,
            own_bookings,
            create_booking,
            own_booking,
            own_cancellation_preview,
            own_cancellation,
            rebook,
            own_reschedule_preview,
            own_reschedule,
            own_documents,
            own_document_upload,
            own_document,
            own_document_remove,
            own_invoice,
            own_receipt,
            own_analytics,
        ],
    )
    return Router(
        path="/api/customer",
        tags=["customer"],
        route_handlers=[
            register,
            verify,
            resend,
            login,
            refresh,
            reset,
            confirm_reset,
            guarded,
        ],
    )
