"""What a message says, and to whom: as it is written, before it is kept and sent."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.contact import Contact
from totetaxi_core.notifications.calendar_entry import CalendarEntry
from totetaxi_core.notifications.message import Channel
from totetaxi_core.notifications.signature import signed
from totetaxi_core.ports import Terms

Draft = tuple[str, str]
"""A letter's subject and its body, without greeting and signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`token_id` is whose token its text has a mark for, unless that is its booking's.

    By SMS it has no subject and `to` is a phone number, E.164. Nobody gets one whose `to` is empty.
    """

    to: str
    subject: str
    text: str
    token_id: UUID | None = None
    channel: Channel = Channel.EMAIL
    calendar: CalendarEntry | None = None


def letter_to(
    contact: Contact,
    draft: Draft,
    terms: Terms,
    *,
    token_id: UUID | None = None,
    calendar: CalendarEntry | None = None,
) -> Letter:
    """Return the mail to a customer, greeted and signed."""
    subject, body = draft
    text = signed(f"Dear {contact.first_name},\n\n{body}", terms)
    return Letter(
        to=contact.email, subject=subject, text=text, token_id=token_id, calendar=calendar
    )


def letter_to_staff(draft: Draft, terms: Terms) -> Letter:
    subject, body = draft
    return Letter(to=terms.staff_email, subject=subject, text=body)
