"""What a member of staff did, by the name they gave."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """`staff_name` is text as given until staff have accounts."""

    id: UUID
    staff_name: str
    action_type: str
    description: str
    booking_id: UUID | None
    created_at: datetime


class StaffActs(Protocol):
    """The record of staff acts, in its unit of work's transaction."""

    async def add(self, act: StaffAct) -> None: ...

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        """Return the acts on a booking, oldest first."""
        ...
