"""A password reset: somebody asked for a new password of an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.customers.account_token import AccountTokenError
from totetaxi_core.customers.customer import Customer

LIFETIME: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset:
    """Good for the account as it stood: any change of its password ends every reset of it."""

    id: UUID
    customer_id: UUID
    account_version: int
    created_at: datetime
    expires_at: datetime

    @classmethod
    def begin(cls, reset_id: UUID, customer: Customer, *, at: datetime) -> Self:
        """Return a reset that is good for an hour from the instant `at`."""
        return cls(
            id=reset_id,
            customer_id=customer.id,
            account_version=customer.token_version,
            created_at=at,
            expires_at=at + LIFETIME,
        )

    def require_valid(self, customer: Customer, *, at: datetime) -> None:
        """Refuse to set the password of a customer, who is locked.

        Raises:
            AccountTokenError: too late, the password was changed since, or the account is gone.
        """
        is_gone = customer.deleted_at is not None
        if is_gone or at >= self.expires_at or customer.token_version != self.account_version:
            raise AccountTokenError


class PasswordResets(Protocol):
    """The resets that were asked for, in their unit of work's transaction."""

    async def add(self, reset: PasswordReset) -> None: ...

    async def find(self, reset_id: UUID) -> PasswordReset | None:
        """Return the reset, None where there is none."""
        ...

    async def remove(self, reset_id: UUID) -> None:
        """Forget the reset; what is gone stays gone."""
        ...

    async def forget_expired(self, *, before: datetime) -> None:
        """Forget all that ended before this instant, but those locked by others."""
        ...
