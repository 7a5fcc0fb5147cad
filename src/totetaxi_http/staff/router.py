"""Everything below /api/staff."""

from typing import Final

from litestar import Router

from totetaxi_http.staff.actions import actions
from totetaxi_http.staff.blade_services import (
    blade_service,
    blade_service_change,
    blade_service_create,
    blade_service_retire,
    blade_services,
)
from totetaxi_http.staff.booking import booking
from totetaxi_http.staff.booking_create import booking_create
from totetaxi_http.staff.booking_notes import booking_note, booking_notes
from totetaxi_http.staff.booking_status import booking_status
from totetaxi_http.staff.bookings import bookings
from totetaxi_http.staff.courier_tasks import (
    courier_task,
    courier_task_sync,
    courier_tasks,
    courier_tasks_create,
    courier_tasks_sync,
)
from totetaxi_http.staff.customer_notes import (
    customer_contact,
    customer_contacts,
    customer_note,
    customer_notes,
)
from totetaxi_http.staff.customers import customer, customers
from totetaxi_http.staff.dashboard import desk
from totetaxi_http.staff.discount_codes import (
    discount_code,
    discount_code_change,
    discount_code_create,
    discount_code_uses,
    discount_codes,
)
from totetaxi_http.staff.documents import (
    document,
    document_remove,
    document_upload,
    documents,
)
from totetaxi_http.staff.explanation import explanation
from totetaxi_http.staff.guard import staff_only
from totetaxi_http.staff.logistics import (
    logistics_board,
    logistics_dashboard,
    logistics_plan,
)
from totetaxi_http.staff.members import (
    member,
    member_change,
    member_create,
    member_password,
    members,
    password_change,
)
from totetaxi_http.staff.messages import message, message_send_again, message_settle, messages
from totetaxi_http.staff.papers import bill_of_lading, day_sheets, invoice, receipt
from totetaxi_http.staff.payment_link import payment_link
from totetaxi_http.staff.payments import payments
from totetaxi_http.staff.price_book import (
    book_changes,
    book_current,
    book_rollback,
    book_version,
    book_versions,
    book_waiting,
    book_withdraw,
)
from totetaxi_http.staff.price_book_entries import (
    book_entry,
    book_entry_change,
    book_entry_create,
    book_entry_retire,
    book_section,
    book_section_change,
)
from totetaxi_http.staff.refunds import approve, refund_request, refunds, reject
from totetaxi_http.staff.refused_addresses import refused_address_forget, refused_addresses
from totetaxi_http.staff.reports import report
from totetaxi_http.staff.reschedule import reschedule, reschedule_preview
from totetaxi_http.staff.schedule import (
    schedule,
    schedule_change,
    schedule_close,
    schedule_dates,
    schedule_open,
    schedule_versions,
)
from totetaxi_http.staff.session import login, logout, profile, refresh
from totetaxi_http.staff.webhook_deliveries import (
    webhook_deliveries,
    webhook_redeliver,
    webhook_test,
)
from totetaxi_http.staff.webhooks import (
    webhook,
    webhook_change,
    webhook_create,
    webhook_remove,
    webhook_secret,
    webhooks,
)

SELF: Final = (
    logout,
    profile,
    password_change,
    desk,
)
BOOKINGS: Final = (
    bookings,
    booking_create,
    booking,
    booking_status,
    explanation,
    reschedule_preview,
    reschedule,
    booking_notes,
    booking_note,
    payment_link,
)
PAPERS: Final = (
    documents,
    document_upload,
    document,
    document_remove,
    invoice,
    receipt,
    bill_of_lading,
    day_sheets,
)
LOGISTICS: Final = (
    logistics_dashboard,
    logistics_board,
    logistics_plan,
    courier_tasks,
    courier_task,
    courier_tasks_create,
    courier_task_sync,
    courier_tasks_sync,
)
CUSTOMERS: Final = (
    customers,
    customer,
    customer_notes,
    customer_note,
    customer_contacts,
    customer_contact,
)
RECORDS: Final = (
    actions,
    payments,
    report,
)
MESSAGES: Final = (
    messages,
    message,
    message_send_again,
    message_settle,
    refused_addresses,
    refused_address_forget,
)
REFUNDS: Final = (
    refunds,
    refund_request,
    approve,
    reject,
)
MEMBERS: Final = (
    members,
    member,
    member_create,
    member_change,
    member_password,
)
PRICES: Final = (
    blade_services,
    blade_service,
    blade_service_create,
    blade_service_change,
    blade_service_retire,
    book_versions,
    book_version,
    book_changes,
    book_current,
    book_waiting,
    book_withdraw,
    book_rollback,
    book_section,
    book_section_change,
    book_entry,
    book_entry_create,
    book_entry_change,
    book_entry_retire,
    discount_codes,
    discount_code_create,
    discount_code,
    discount_code_change,
    discount_code_uses,
)
SCHEDULE: Final = (
    schedule,
    schedule_change,
    schedule_versions,
    schedule_dates,
    schedule_close,
    schedule_open,
)
WEBHOOKS: Final = (
    webhooks,
    webhook_create,
    webhook,
    webhook_change,
    webhook_remove,
    webhook_secret,
    webhook_deliveries,
    webhook_redeliver,
    webhook_test,
)


def staff_router() -> Router:
    """Return the handlers of staff; all but logging in are behind the guard."""
    guarded = Router(
        path="/",
        guards=[staff_only],
        route_handlers=[
            *SELF,
            *BOOKINGS,
            *PAPERS,
            *LOGISTICS,
            *CUSTOMERS,
            *RECORDS,
            *MESSAGES,
            *REFUNDS,
            *MEMBERS,
            *PRICES,
            *SCHEDULE,
            *WEBHOOKS,
        ],
    )
    return Router(path="/api/staff", tags=["staff"], route_handlers=[login, refresh, guarded])
