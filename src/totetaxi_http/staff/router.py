"""Everything below /api/staff."""

from litestar import Router

from totetaxi_http.staff.actions import actions
from totetaxi_http.staff.booking import booking
from totetaxi_http.staff.booking_create import booking_create
from totetaxi_http.staff.booking_notes import booking_note, booking_notes
from totetaxi_http.staff.booking_status import booking_status
from totetaxi_http.staff.bookings import bookings
from totetaxi_http.staff.customer_notes import (
    customer_contact,
    customer_contacts,
    customer_note,
    customer_notes,
)
from totetaxi_http.staff.customers import customer, customers
from totetaxi_http.staff.dashboard import desk
from totetaxi_http.staff.guard import staff_only
from totetaxi_http.staff.members import (
    member,
    member_change,
    member_create,
    member_password,
    members,
    password_change,
)
from totetaxi_http.staff.payment_link import payment_link
from totetaxi_http.staff.payments import payments
from totetaxi_http.staff.refunds import approve, refund_request, refunds, reject
from totetaxi_http.staff.reschedule import reschedule, reschedule_preview
from totetaxi_http.staff.session import login, logout, profile, refresh


def staff_router() -> Router:
    """Return the handlers of staff; all but logging in are behind the guard."""
    guarded = Router(
        path="/",
        guards=[staff_only],
        route_handlers=[
            logout,
            profile,
            password_change,
            desk,
            bookings,
            booking_create,
            booking,
            booking_status,
            reschedule_preview,
            reschedule,
            booking_notes,
            booking_note,
            payment_link,
            customers,
            customer,
            customer_notes,
            customer_note,
            customer_contacts,
            customer_contact,
            actions,
            payments,
            refunds,
            refund_request,
            approve,
            reject,
            members,
            member,
            member_create,
            member_change,
            member_password,
        ],
    )
    return Router(path="/api/staff", tags=["staff"], route_handlers=[login, refresh, guarded])
