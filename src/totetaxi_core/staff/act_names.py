"""The names under which acts are on record, and what each says.

A refusal by the business is named after the permission the act took, or `own_account`.
"""

from collections.abc import Mapping
from typing import Final

ACTS: Final[Mapping[str, str]] = {
    "address_allowed": "Let messages go again to an address that had refused.",
    "act_erased": "The personal values of an act were erased.",
    "booking_create": "Booked for a guest or customer, with what was overridden.",
    "booking_note": "Wrote a note on a booking.",
    "booking_update": "Changed how a booking stands: cancelled, started, completed, rescheduled.",
    "courier_task_synced": "Had a courier task looked at.",
    "courier_tasks_created": "Had a booking's drive ordered from the courier, or ordered anew.",
    "courier_tasks_synced": "Had every open courier task looked at.",
    "courier_webhooks_registered": "Had the courier tell us of its tasks.",
    "customer_contact": "Logged a contact with a customer.",
    "customer_note": "Wrote a note on a customer.",
    "customer_read": "Opened a customer's or a booking's page: personal data were shown.",
    "day_plan_pushed": "Gave the courier tasks of a day's plan to drivers.",
    "document_added": "Put a file on a booking.",
    "document_removed": "Took a file off a booking.",
    "effect_retried": "Had owed work that failed tried again.",
    "login": "Logged in; refused, with a wrong password, a locked or a disabled account.",
    "logout": "Logged out.",
    "message_sent_again": "Had a message sent again that was refused, or may be lost.",
    "password_changed": "Changed their own password, or failed to.",
    "password_set": "Gave somebody else another password.",
    "payment_handle": "Began or confirmed a payment in a customer's place.",
    "payment_link": "Mailed a new link to pay.",
    "permission_denied": "Tried what they may not: always refused.",
    "price_book_published": "Published a price book: other prices, or the same from another day.",
    "price_book_rolled_back": "Brought the prices of an earlier version back.",
    "price_book_withdrawn": "Took back a price book that waited for its day.",
    "refund_issued": "Approved a refund.",
    "refund_rejected": "Rejected a refund.",
    "refund_requested": "Asked for a refund.",
    "report_exported": "Took a report out as a file.",
    "schedule_changed": "Changed the schedule: dates, crews, hours or notice, as was and is.",
    "staff_changed": "Changed a member of staff, with what was and is.",
    "staff_created": "Created a member of staff.",
    "staff_disabled": "Disabled a member of staff.",
    "staff_enabled": "Enabled a member of staff again.",
    "token_reused": "An old refresh token came again: its session was ended.",
    "webhook_changed": "Changed, paused or resumed a webhook of a client system.",
    "webhook_created": "Had a client system hear of events.",
    "webhook_redelivered": "Had an event delivered to a client system once more.",
    "webhook_removed": "Removed a webhook of a client system.",
    "webhook_secret_rotated": "Gave a webhook another secret, which is not on record.",
    "webhook_tested": "Sent a client system a test event.",
}
