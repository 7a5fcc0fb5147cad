"""Find messages at the desk, newest first, a page at a time."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from totetaxi_core.notifications.message import Channel, Message, MessageKind, MessageState
from totetaxi_core.page import Page, Place, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages; what is None does not matter. `to` is a whole address, without case."""

    to: str | None = None
    kind: MessageKind | None = None
    channel: Channel | None = None
    state: MessageState | None = None
    booking_id: UUID | None = None


class MessageDesk(Protocol):
    """Reads messages for staff, in its unit of work's transaction."""

    async def page(
        self,
        wanted: MessageFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Message, ...]:
        """Return messages newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


async def find_messages(
    desk: MessageDesk,
    wanted: MessageFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[Message]:
    """Return at most `limit` messages, the newest, or next to a place."""
    found = await desk.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)
