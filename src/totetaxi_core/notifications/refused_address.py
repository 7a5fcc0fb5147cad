"""Addresses that refuse what we send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.notifications.message import Channel
from totetaxi_core.page import Place
from totetaxi_core.refusal import DomainError


class AddressRefusedError(DomainError):
    """The address refused an earlier message: nothing goes there until staff take it off."""

    code = "address_refused"
    field = "to"

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address} has refused messages: {reason}")
        self.address, self.reason = address, reason


class AddressNotRefusedError(DomainError):
    """The address is not among those that refuse; `address` is it, or the id of its entry."""

    code = "address_not_refused"
    field = "address"

    def __init__(self, address: str | UUID) -> None:
        super().__init__(f"{address} is not among the addresses that refuse messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAddress:
    """An address without case.

    `id` is that of the message that was refused, `booking_id` the booking it was about; `reason`
    is what whoever refused said.
    """

    id: UUID
    channel: Channel
    address: str
    reason: str
    booking_id: UUID | None
    refused_at: datetime

    @property
    def created_at(self) -> datetime:
        """Since when it stands in the list."""
        return self.refused_at


class RefusedAddresses(Protocol):
    """The addresses that refuse, in their unit of work's transaction; asked without case."""

    async def find(self, channel: Channel, address: str) -> RefusedAddress | None: ...

    async def add(self, refused: RefusedAddress) -> None:
        """Remember the address; of one remembered before the older entry stays."""
        ...

    async def remove(self, address: str) -> tuple[RefusedAddress, ...]:
        """Forget the address on every channel; return the entries that are gone."""
        ...

    async def remove_one(self, refused_id: UUID) -> RefusedAddress | None:
        """Forget one entry and return it; None when there is none of this id."""
        ...

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[RefusedAddress, ...]:
        """Return entries newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...
