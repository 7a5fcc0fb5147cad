"""Who gets in where, operation by operation, as people decided it: not read from the handlers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from totetaxi_core.staff.permission import Permission


class Door(StrEnum):
    """How an operation that is neither a customer's nor staff's answers.

    ANYBODY lets in whoever comes. SECRET wants a manage token, password or refresh token that
    nobody here shows. PAYER is for the booking's owner, and for staff who may edit bookings.
    """

    ANYBODY = "anybody"
    SECRET = "secret"
    PAYER = "payer"


class Whose(StrEnum):
    """OWN: what the path or the body names is customer A's. EACH: everybody has their own."""

    OWN = "own"
    EACH = "each"


DOORS: Final[Mapping[str, Door]] = {
    "GET /health": Door.ANYBODY,
    "GET /health/live": Door.ANYBODY,
    "GET /health/ready": Door.ANYBODY,
    "GET /api/public/services": Door.ANYBODY,
    "GET /api/public/services/mini-moves-with-organizing": Door.ANYBODY,
    "GET /api/public/services/organizing-by-tier": Door.ANYBODY,
    "GET /api/public/services/organizing/{service_id}": Door.ANYBODY,
    "GET /api/public/pricing-preview": Door.ANYBODY,
    "POST /api/public/pricing-preview": Door.ANYBODY,
    "GET /api/public/calendar/availability": Door.ANYBODY,
    "GET /api/public/service-area/{zip_code}": Door.ANYBODY,
    "GET /api/public/booking-status/{booking_number}": Door.ANYBODY,
    "POST /api/public/guest-booking": Door.ANYBODY,
    "GET /api/public/manage": Door.SECRET,
    "GET /api/public/pay": Door.SECRET,
    "GET /api/public/manage/cancellation": Door.SECRET,
    "POST /api/public/manage/cancellation": Door.SECRET,
    "GET /api/public/manage/reschedule": Door.SECRET,
    "POST /api/public/manage/reschedule": Door.SECRET,
    "GET /api/public/manage/documents": Door.SECRET,
    "POST /api/public/manage/documents": Door.SECRET,
    "GET /api/public/manage/documents/{document_id}": Door.SECRET,
    "DELETE /api/public/manage/documents/{document_id}": Door.SECRET,
    "GET /api/public/manage/invoice": Door.SECRET,
    "GET /api/public/manage/receipt": Door.SECRET,
    "POST /api/payments/create-intent": Door.PAYER,
    "POST /api/payments/confirm": Door.PAYER,
    "POST /api/payments/webhook": Door.ANYBODY,
    "GET /api/logistics/webhook": Door.ANYBODY,
    "POST /api/logistics/webhook": Door.ANYBODY,
    "POST /api/messages/sms-status/{message_id}": Door.ANYBODY,
    "POST /api/messages/ses-notice": Door.ANYBODY,
    "POST /api/customer/register": Door.ANYBODY,
    "POST /api/customer/verify-email": Door.ANYBODY,
    "POST /api/customer/resend-verification": Door.ANYBODY,
    "POST /api/customer/login": Door.SECRET,
    "POST /api/customer/token/refresh": Door.SECRET,
    "POST /api/customer/password/reset": Door.ANYBODY,
    "POST /api/customer/password/reset/confirm": Door.ANYBODY,
    "POST /api/staff/login": Door.SECRET,
    "POST /api/staff/token/refresh": Door.SECRET,
}

CUSTOMERS: Final[Mapping[str, Whose]] = {
    "POST /api/customer/logout": Whose.EACH,
    "POST /api/customer/password/change": Whose.EACH,
    "GET /api/customer/profile": Whose.EACH,
    "PUT /api/customer/profile": Whose.EACH,
    "PATCH /api/customer/profile": Whose.EACH,
    "DELETE /api/customer/profile": Whose.EACH,
    "GET /api/customer/export": Whose.EACH,
    "GET /api/customer/analytics": Whose.EACH,
    "GET /api/customer/addresses": Whose.EACH,
    "POST /api/customer/addresses": Whose.EACH,
    "GET /api/customer/addresses/{address_id}": Whose.OWN,
    "PUT /api/customer/addresses/{address_id}": Whose.OWN,
    "PATCH /api/customer/addresses/{address_id}": Whose.OWN,
    "DELETE /api/customer/addresses/{address_id}": Whose.OWN,
    "GET /api/customer/payment-methods": Whose.EACH,
    "POST /api/customer/payment-methods": Whose.OWN,
    "POST /api/customer/payment-methods/setup-intent": Whose.EACH,
    "GET /api/customer/payment-methods/{payment_method_id}": Whose.OWN,
    "PATCH /api/customer/payment-methods/{payment_method_id}": Whose.OWN,
    "DELETE /api/customer/payment-methods/{payment_method_id}": Whose.OWN,
    "GET /api/customer/bookings": Whose.EACH,
    "POST /api/customer/bookings": Whose.EACH,
    "GET /api/customer/bookings/{booking_id}": Whose.OWN,
    "POST /api/customer/bookings/{booking_id}/pay": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/cancellation": Whose.OWN,
    "POST /api/customer/bookings/{booking_id}/cancellation": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/reschedule": Whose.OWN,
    "POST /api/customer/bookings/{booking_id}/reschedule": Whose.OWN,
    "POST /api/customer/bookings/{booking_id}/rebook": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/documents": Whose.OWN,
    "POST /api/customer/bookings/{booking_id}/documents": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/documents/{document_id}": Whose.OWN,
    "DELETE /api/customer/bookings/{booking_id}/documents/{document_id}": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/invoice": Whose.OWN,
    "GET /api/customer/bookings/{booking_id}/receipt": Whose.OWN,
}

# None: every member of staff, for themselves.
STAFF: Final[Mapping[str, Permission | None]] = {
    "POST /api/staff/logout": None,
    "GET /api/staff/profile": None,
    "POST /api/staff/password/change": None,
    "GET /api/staff/dashboard": Permission.READ_BOOKINGS,
    "GET /api/staff/bookings": Permission.READ_BOOKINGS,
    "POST /api/staff/bookings": Permission.CREATE_BOOKINGS,
    "GET /api/staff/bookings/{booking_id}": Permission.READ_BOOKINGS,
    "PUT /api/staff/bookings/{booking_id}/status": Permission.EDIT_BOOKINGS,
    "GET /api/staff/bookings/{booking_id}/explanation": Permission.READ_BOOKINGS,
    "GET /api/staff/bookings/{booking_id}/notes": Permission.READ_BOOKINGS,
    "POST /api/staff/bookings/{booking_id}/notes": Permission.EDIT_BOOKINGS,
    "POST /api/staff/bookings/{booking_id}/payment-link": Permission.SEND_PAYMENT_LINKS,
    "GET /api/staff/documents/bookings/{booking_id}": Permission.READ_BOOKINGS,
    "POST /api/staff/documents/bookings/{booking_id}": Permission.EDIT_BOOKINGS,
    "GET /api/staff/documents/bookings/{booking_id}/{document_id}": Permission.READ_BOOKINGS,
    "DELETE /api/staff/documents/bookings/{booking_id}/{document_id}": Permission.EDIT_BOOKINGS,
    "GET /api/staff/documents/bookings/{booking_id}/invoice": Permission.READ_BOOKINGS,
    "GET /api/staff/documents/bookings/{booking_id}/receipt": Permission.READ_BOOKINGS,
    "GET /api/staff/documents/bookings/{booking_id}/bill-of-lading": Permission.READ_BOOKINGS,
    "GET /api/staff/documents/day-sheets/{plan_on}": Permission.DISPATCH,
    "GET /api/staff/logistics/dashboard": Permission.READ_BOOKINGS,
    "GET /api/staff/logistics/board": Permission.READ_BOOKINGS,
    "GET /api/staff/logistics/plan": Permission.DISPATCH,
    "GET /api/staff/logistics/tasks": Permission.READ_BOOKINGS,
    "GET /api/staff/logistics/tasks/{task_id}": Permission.READ_BOOKINGS,
    "POST /api/staff/logistics/tasks": Permission.DISPATCH,
    "POST /api/staff/logistics/sync-task/{task_id}": Permission.DISPATCH,
    "POST /api/staff/logistics/sync": Permission.DISPATCH,
    "GET /api/staff/bookings/{booking_id}/reschedule": Permission.EDIT_BOOKINGS,
    "POST /api/staff/bookings/{booking_id}/reschedule": Permission.EDIT_BOOKINGS,
    "GET /api/staff/customers": Permission.READ_CUSTOMERS,
    "GET /api/staff/customers/{customer_id}": Permission.READ_CUSTOMERS,
    "GET /api/staff/customers/{customer_id}/notes": Permission.READ_CUSTOMERS,
    "POST /api/staff/customers/{customer_id}/notes": Permission.EDIT_CUSTOMERS,
    "GET /api/staff/customers/{customer_id}/contacts": Permission.READ_CUSTOMERS,
    "POST /api/staff/customers/{customer_id}/contacts": Permission.EDIT_CUSTOMERS,
    "GET /api/staff/actions": Permission.READ_STAFF_ACTS,
    "GET /api/staff/payments": Permission.READ_PAYMENTS,
    "GET /api/staff/reports/{name}": Permission.VIEW_FINANCIAL_REPORTS,  # of the one walked
    "GET /api/staff/messages": Permission.READ_MESSAGES,
    "GET /api/staff/messages/{message_id}": Permission.READ_MESSAGES,
    "POST /api/staff/messages/{message_id}/send-again": Permission.SEND_MESSAGES,
    "POST /api/staff/messages/{message_id}/settle": Permission.SEND_MESSAGES,
    "GET /api/staff/messages/refused-addresses": Permission.READ_MESSAGES,
    "DELETE /api/staff/messages/refused-addresses/{refused_address_id}": Permission.SEND_MESSAGES,
    "GET /api/staff/refunds": Permission.READ_REFUNDS,
    "POST /api/staff/refunds": Permission.REQUEST_REFUNDS,
    "POST /api/staff/refunds/{refund_id}/approve": Permission.APPROVE_REFUNDS,
    "POST /api/staff/refunds/{refund_id}/reject": Permission.APPROVE_REFUNDS,
    "GET /api/staff/members": Permission.MANAGE_STAFF,
    "POST /api/staff/members": Permission.MANAGE_STAFF,
    "GET /api/staff/members/{member_id}": Permission.MANAGE_STAFF,
    "PATCH /api/staff/members/{member_id}": Permission.MANAGE_STAFF,
    "POST /api/staff/members/{member_id}/password": Permission.MANAGE_STAFF,
    "GET /api/staff/blade-services": Permission.MANAGE_BLADE_SERVICES,
    "POST /api/staff/blade-services": Permission.MANAGE_BLADE_SERVICES,
    "GET /api/staff/blade-services/{blade_service_id}": Permission.MANAGE_BLADE_SERVICES,
    "PATCH /api/staff/blade-services/{blade_service_id}": Permission.MANAGE_BLADE_SERVICES,
    "DELETE /api/staff/blade-services/{blade_service_id}": Permission.MANAGE_BLADE_SERVICES,
    "GET /api/staff/price-book/versions": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/versions/{book_version}": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/versions/{book_version}/changes": Permission.MANAGE_PRICING,
    "POST /api/staff/price-book/versions/{book_version}/withdraw": Permission.MANAGE_PRICING,
    "POST /api/staff/price-book/versions/{book_version}/rollback": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/current": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/waiting": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/{section}": Permission.MANAGE_PRICING,
    "POST /api/staff/price-book/{section}": Permission.MANAGE_PRICING,
    "PATCH /api/staff/price-book/{section}": Permission.MANAGE_PRICING,
    "GET /api/staff/price-book/{section}/{entry_id}": Permission.MANAGE_PRICING,
    "PATCH /api/staff/price-book/{section}/{entry_id}": Permission.MANAGE_PRICING,
    "POST /api/staff/price-book/{section}/{entry_id}/retire": Permission.MANAGE_PRICING,
    "GET /api/staff/discount-codes": Permission.MANAGE_PRICING,
    "POST /api/staff/discount-codes": Permission.MANAGE_PRICING,
    "GET /api/staff/discount-codes/{code}": Permission.MANAGE_PRICING,
    "PATCH /api/staff/discount-codes/{code}": Permission.MANAGE_PRICING,
    "GET /api/staff/discount-codes/{code}/uses": Permission.MANAGE_PRICING,
    "GET /api/staff/schedule": Permission.READ_BOOKINGS,
    "PATCH /api/staff/schedule": Permission.MANAGE_SCHEDULE,
    "GET /api/staff/schedule/versions": Permission.READ_BOOKINGS,
    "GET /api/staff/schedule/dates": Permission.READ_BOOKINGS,
    "POST /api/staff/schedule/dates/close": Permission.MANAGE_SCHEDULE,
    "POST /api/staff/schedule/dates/open": Permission.MANAGE_SCHEDULE,
    "GET /api/staff/webhooks": Permission.MANAGE_WEBHOOKS,
    "POST /api/staff/webhooks": Permission.MANAGE_WEBHOOKS,
    "GET /api/staff/webhooks/{webhook_id}": Permission.MANAGE_WEBHOOKS,
    "PATCH /api/staff/webhooks/{webhook_id}": Permission.MANAGE_WEBHOOKS,
    "DELETE /api/staff/webhooks/{webhook_id}": Permission.MANAGE_WEBHOOKS,
    "POST /api/staff/webhooks/{webhook_id}/secret": Permission.MANAGE_WEBHOOKS,
    "POST /api/staff/webhooks/{webhook_id}/test": Permission.MANAGE_WEBHOOKS,
    "GET /api/staff/webhooks/{webhook_id}/deliveries": Permission.MANAGE_WEBHOOKS,
    "POST /api/staff/webhooks/{webhook_id}/deliveries/{event_id}/redeliver": (
        Permission.MANAGE_WEBHOOKS
    ),
}

# Nobody gives leave they do not have: these ask for none.
BODIES: Final[Mapping[str, Mapping[str, object]]] = {
    "POST /api/staff/members": {"role": "logistics", "flags": []},
    "PATCH /api/staff/members/{member_id}": {"first_name": "Otherwise", "flags": None},
}
