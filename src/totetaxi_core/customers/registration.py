"""A registration: somebody asked for an account, and has yet to show the address is theirs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.customers.account_token import AccountTokenError
from totetaxi_core.customers.customer import Customer

LIFETIME: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=7)
"""How long after its link has lapsed a new one may still be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What will be the account, with the password that came with it; nobody can log in yet.

    An address may have many: each is taken up by its own link alone, so that registering somebody
    else's address again never changes the password of their own registration.
    """

    id: UUID
    email: str
    first_name: str
    last_name: str
    phone: str
    password_hash: str
    created_at: datetime
    expires_at: datetime

    @property
    def email_key(self) -> str:
        return self.email.strip().lower()

    def renew(self, *, at: datetime) -> Self:
        """Return the registration with 24 more hours from the instant `at`."""
        return replace(self, expires_at=at + LIFETIME)

    def to_customer(self, customer_id: UUID, *, at: datetime) -> Customer:
        """Return the account it becomes.

        Raises:
            AccountTokenError: its link has lapsed.
        """
        if at >= self.expires_at:
            raise AccountTokenError
        return Customer(
            id=customer_id,
            email=self.email,
            first_name=self.first_name,
            last_name=self.last_name,
            phone=self.phone,
            password_hash=self.password_hash,
            created_at=at,
            updated_at=at,
        )


class Registrations(Protocol):
    """The registrations nobody has taken up, in their unit of work's transaction."""

    async def add(self, registration: Registration) -> None: ...

    async def save(self, registration: Registration) -> None: ...

    async def find(self, registration_id: UUID, *, lock: bool = False) -> Registration | None:
        """Return the registration, None where there is none; `lock` as for bookings."""
        ...

    async def newest(self, email: str, *, lock: bool = False) -> Registration | None:
        """Return the latest of this address, in any case; None where there is none."""
        ...

    async def remove(self, registration_id: UUID) -> None:
        """Forget the registration; what is gone stays gone."""
        ...

    async def forget_expired(self, *, before: datetime) -> None:
        """Forget all whose link lapsed before this instant, but those locked by others."""
        ...
