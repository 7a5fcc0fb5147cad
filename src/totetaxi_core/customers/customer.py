"""A customer with an account: who they are, what they prefer, and what they have spent."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from totetaxi_core.bookings.contact import Contact
from totetaxi_core.refusal import DomainError


class PreferredPickupTime(StrEnum):
    """`early_morning` 7 to 9, `mid_morning` 9 to 11, `late_morning` 11 to 12."""

    EARLY_MORNING = "early_morning"
    MID_MORNING = "mid_morning"
    LATE_MORNING = "late_morning"


class CustomerNotFoundError(DomainError):
    """No customer is this one."""

    code = "customer_not_found"


class EmailTakenError(DomainError):
    """Another customer has this e-mail address, in whatever case. Never told to a caller."""

    code = "email_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """An account whose e-mail address is verified; it begins with that.

    `email` as typed; compared without case. `phone` is E.164, or empty. The totals are net of
    refunds and disputes, and are what the ledger says. A newer `token_version` ends every login.
    `stripe_customer_id` is None until the first card. `deleted_at` marks an account whose personal
    data are gone: no name, address, telephone number or password is left.
    """

    id: UUID
    email: str
    first_name: str
    last_name: str
    phone: str
    password_hash: str
    created_at: datetime
    updated_at: datetime
    preferred_pickup_time: PreferredPickupTime = PreferredPickupTime.MID_MORNING
    email_notifications: bool = True
    sms_notifications: bool = False
    total_bookings: int = 0
    total_spent_cents: int = 0
    last_booking_at: datetime | None = None
    is_vip: bool = False
    stripe_customer_id: str | None = None
    token_version: int = 1
    deleted_at: datetime | None = None

    @property
    def email_key(self) -> str:
        return self.email.strip().lower()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def contact(self) -> Contact:
        """Whom a booking of theirs is for, unless they say otherwise."""
        return Contact(
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            phone=self.phone,
        )

    def change_password(self, password_hash: str, *, at: datetime) -> Self:
        """Return the account with another password and without any login."""
        return replace(
            self,
            password_hash=password_hash,
            token_version=self.token_version + 1,
            updated_at=at,
        )

    def end_logins(self) -> Self:
        """Return the account without any login."""
        return replace(self, token_version=self.token_version + 1)


class Customers(Protocol):
    """Every customer account, in its unit of work's transaction; those deleted only by `get`."""

    async def add(self, customer: Customer) -> None:
        """Store a new account.

        Raises:
            EmailTakenError: another has its e-mail address.
        """
        ...

    async def save(self, customer: Customer) -> None:
        """Store the account as it now stands, but for its totals: a commit counts those."""
        ...

    async def get(self, customer_id: UUID, *, lock: bool = False) -> Customer:
        """Return the account; `lock` keeps other writers out until commit.

        Raises:
            CustomerNotFoundError: none has this id.
        """
        ...

    async def of_stripe(self, stripe_customer_id: str) -> Customer | None:
        """Return the account that Stripe has under this id, if it was not deleted."""
        ...

    async def find(self, email: str) -> Customer | None:
        """Return the account of this e-mail address, in any case; None if there is none."""
        ...

    async def owner_of(self, email: str) -> UUID | None:
        """Return the account that a booking with this address goes into; None if there is none.

        Guest bookings of this address join no account until commit: none is made meanwhile that
        would miss the one being placed.
        """
        ...
