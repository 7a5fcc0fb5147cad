"""What is stored about a person beside their account, their bookings and their money."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom to forget: the account, its address without case, and every booking that is theirs.

    Without account and address only what is about the bookings is meant.
    """

    customer_id: UUID | None = None
    email_key: str | None = None
    booking_ids: frozenset[UUID]


class Traces(Protocol):
    """Reaches into all that was written about a person, in its unit of work's transaction."""

    async def forget(self, person: Person) -> None:
        """Remove the rows that are about them alone.

        Their saved addresses, cards, logins, registrations and password resets; every message to
        their address or about their bookings; the idempotency records, notes and documents of
        those bookings, whose files are owed elsewhere; the calls counted by their address.
        """
        ...

    async def acts_about(self, person: Person) -> tuple[int, ...]:
        """Return the positions of the staff acts about them whose values are not erased."""
        ...
