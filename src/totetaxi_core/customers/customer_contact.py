"""When staff and a customer spoke or wrote, and what about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from totetaxi_core.page import Place

MAX_SUMMARY: Final = 2_000


class ContactChannel(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    IN_PERSON = "in_person"


class ContactDirection(StrEnum):
    """`inbound`: the customer came to us."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerContact:
    """Never changed. `staff_name` wrote the `summary`, of 1 to 2,000 characters."""

    id: UUID
    customer_id: UUID
    channel: ContactChannel
    direction: ContactDirection
    summary: str
    staff_name: str
    created_at: datetime


class CustomerContacts(Protocol):
    """The contact log, in its unit of work's transaction."""

    async def add(self, contact: CustomerContact) -> None: ...

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerContact, ...]:
        """Return contacts newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...

    async def forget(self, customer_id: UUID) -> None:
        """Remove every contact with a customer: their account is deleted."""
        ...
