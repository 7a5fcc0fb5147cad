"""What staff write about a customer, for one another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from totetaxi_core.page import Place

MAX_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNote:
    """Never changed. `staff_name` wrote the `text`, of 1 to 2,000 characters."""

    id: UUID
    customer_id: UUID
    staff_name: str
    text: str
    created_at: datetime


class CustomerNotes(Protocol):
    """The notes on customers, in their unit of work's transaction."""

    async def add(self, note: CustomerNote) -> None: ...

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerNote, ...]:
        """Return notes newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...

    async def forget(self, customer_id: UUID) -> None:
        """Remove every note on a customer: their account is deleted."""
        ...
