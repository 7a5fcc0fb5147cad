"""What client systems can hear of."""

from enum import StrEnum
from typing import Final


class EventType(StrEnum):
    """What a subscription may ask for. Source: docs/webhooks.md, "Events"."""

    BOOKING_CREATED = "booking.created"
    BOOKING_CONFIRMED = "booking.confirmed"
    BOOKING_RESCHEDULED = "booking.rescheduled"
    BOOKING_STARTED = "booking.started"
    BOOKING_COMPLETED = "booking.completed"
    BOOKING_CANCELLED = "booking.cancelled"
    PAYMENT_SUCCEEDED = "payment.succeeded"
    PAYMENT_REFUNDED = "payment.refunded"
    PAYMENT_REFUND_FAILED = "payment.refund_failed"
    PAYMENT_DISPUTED = "payment.disputed"
    DELIVERY_ASSIGNED = "delivery.assigned"
    DELIVERY_STARTED = "delivery.started"
    DELIVERY_COMPLETED = "delivery.completed"
    DELIVERY_FAILED = "delivery.failed"


TEST_TYPE: Final = "webhook.test"
"""The type of an event that staff send to see whether it arrives."""
