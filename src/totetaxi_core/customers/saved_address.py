"""An address a customer keeps to book with again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.geography.address import Address
from totetaxi_core.page import Place
from totetaxi_core.refusal import DomainError

MOST: Final = 50
LONGEST_NICKNAME: Final = 50


class SavedAddressNotFoundError(DomainError):
    """The customer has no such address: there is none, it was removed, or it is another's."""

    code = "saved_address_not_found"

    def __init__(self, address_id: UUID) -> None:
        super().__init__(f"there is no saved address {address_id}")
        self.address_id = address_id


class AddressSavedAlreadyError(DomainError):
    """Another address of the customer's is this same door."""

    code = "address_saved_already"
    field = "address_line_1"

    def __init__(self, other: "SavedAddress") -> None:
        super().__init__(f"this address is saved already, as {other.id}")
        self.other_id = other.id


class TooManySavedAddressesError(DomainError):
    """The list is full: one must go before another can be saved."""

    code = "too_many_saved_addresses"

    def __init__(self) -> None:
        super().__init__(f"at most {MOST} addresses can be saved: remove one first")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressEntry:
    """What a customer says about an address to be kept."""

    nickname: str
    address: Address
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAddress:
    """At most one of a customer's is the default, and only one that is active.

    `times_used` counts the bookings made with it; `last_used_at` is the UTC instant of the latest.
    One that was removed is inactive: nobody finds it again, its counts are kept.
    """

    id: UUID
    customer_id: UUID
    nickname: str
    address: Address
    created_at: datetime
    updated_at: datetime
    times_used: int = 0
    last_used_at: datetime | None = None
    is_default: bool = False
    is_active: bool = True

    @property
    def entry(self) -> AddressEntry:
        return AddressEntry(
            nickname=self.nickname, address=self.address, is_default=self.is_default
        )

    def change(self, entry: AddressEntry, *, at: datetime) -> Self:
        """Return the address as it is now said to be."""
        if entry == self.entry:
            return self
        return replace(
            self,
            nickname=entry.nickname,
            address=entry.address,
            is_default=entry.is_default,
            updated_at=at,
        )

    def used(self, *, at: datetime) -> Self:
        """Return the address, used once more."""
        return replace(self, times_used=self.times_used + 1, last_used_at=at)

    def remove(self, *, at: datetime) -> Self:
        return replace(self, is_active=False, is_default=False, updated_at=at)


class SavedAddresses(Protocol):
    """Every address kept; whoever writes one holds the lock of its customer."""

    async def add(self, saved: SavedAddress) -> None: ...

    async def save(self, saved: SavedAddress) -> None:
        """Store the address as it now stands."""
        ...

    async def get(self, customer_id: UUID, address_id: UUID, *, lock: bool = False) -> SavedAddress:
        """Return an active address of the customer's; `lock` keeps other writers out.

        Raises:
            SavedAddressNotFoundError: there is none, it was removed, or it is another's.
        """
        ...

    async def of_customer(
        self, customer_id: UUID, *, with_removed: bool = False
    ) -> tuple[SavedAddress, ...]:
        """Return the customer's addresses, newest first; the active ones unless told."""
        ...

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[SavedAddress, ...]:
        """Return active ones newest first: the newest, older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...
