"""How long things are kept. Source: docs/operations.md, "What is kept, and for how long"."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kept(StrEnum):
    """What goes once its time is over: of bookings the person, of all else the rows."""

    BOOKINGS = "bookings"
    UNPAID_BOOKINGS = "unpaid_bookings"
    MESSAGES = "messages"
    REFUSED_ADDRESSES = "refused_addresses"
    SESSIONS = "sessions"
    REGISTRATIONS = "registrations"
    PASSWORD_RESETS = "password_resets"  # noqa: S105  a table's name
    IDEMPOTENCY_RECORDS = "idempotency_records"
    PROVIDER_EVENTS = "provider_events"
    SANDBOX_EVENTS = "sandbox_events"
    WEBHOOK_DELIVERIES = "webhook_deliveries"
    JOBS = "jobs"


PERSONS: Final = (Kept.BOOKINGS, Kept.UNPAID_BOOKINGS)
"""Where a row stays, without its person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionTerms:
    """`bookings` counts from the end of a booking and the last of its money.

    `unpaid_bookings` is for those that were never confirmed, from when they were cancelled;
    `messages` also for addresses that refused.
    """

    bookings: timedelta = timedelta(days=2_557)
    unpaid_bookings: timedelta = timedelta(days=90)
    messages: timedelta = timedelta(days=730)

    def kept_for(self, kind: Kept) -> timedelta:
        """Return how long one is kept, counted from what WHAT_COUNTS says."""
        return {
            Kept.BOOKINGS: self.bookings,
            Kept.UNPAID_BOOKINGS: self.unpaid_bookings,
            Kept.MESSAGES: self.messages,
            Kept.REFUSED_ADDRESSES: self.messages,
        }.get(kind) or FIXED[kind]

    def before(self, kind: Kept, *, now: datetime) -> datetime:
        """Return the instant before which it had to be, to go now."""
        return now - self.kept_for(kind)


# Beyond these nobody asks for them: Stripe sends an event again for 30 days at most.
FIXED: Final = {
    Kept.SESSIONS: timedelta(days=1),
    Kept.REGISTRATIONS: timedelta(days=7),
    Kept.PASSWORD_RESETS: timedelta(days=1),
    Kept.IDEMPOTENCY_RECORDS: timedelta(days=2),
    Kept.PROVIDER_EVENTS: timedelta(days=90),
    Kept.SANDBOX_EVENTS: timedelta(days=30),
    Kept.WEBHOOK_DELIVERIES: timedelta(days=30),
    Kept.JOBS: timedelta(days=7),
}
WHAT_COUNTS: Final = {
    Kept.BOOKINGS: "its end, and its last money",
    Kept.UNPAID_BOOKINGS: "its cancellation",
    Kept.MESSAGES: "writing it",
    Kept.REFUSED_ADDRESSES: "the refusal",
    Kept.SESSIONS: "its end",
    Kept.REGISTRATIONS: "the end of its link",
    Kept.PASSWORD_RESETS: "the end of its link",
    Kept.IDEMPOTENCY_RECORDS: "its request",
    Kept.PROVIDER_EVENTS: "its arrival",
    Kept.SANDBOX_EVENTS: "its delivery",
    Kept.WEBHOOK_DELIVERIES: "its end",
    Kept.JOBS: "its end",
}
