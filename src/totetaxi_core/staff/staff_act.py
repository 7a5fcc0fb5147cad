"""What a member of staff did, or was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.act_link import ActLink
from totetaxi_core.staff.origin import Channel, Origin

Facts: TypeAlias = Mapping[str, str | int | bool | None]

CUSTOMER_READ: Final = "customer_read"
"""The type of an act that only read a customer's personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """Who did what, on what, from where; `before` and `after` are what changed.

    `staff_name` is the username, or text as given while there is no account. `subject` names what
    has no field of its own, as `staff:<id>`. Erasing blanks `description`, `ip_address`,
    `user_agent`, `before` and `after`: these may be personal.
    """

    id: UUID
    staff_name: str
    action_type: str
    description: str
    booking_id: UUID | None
    created_at: datetime
    staff_id: UUID | None = None
    customer_id: UUID | None = None
    subject: str | None = None
    is_refused: bool = False
    channel: Channel | None = None
    ip_address: str | None = None
    user_agent: str = ""
    before: Facts | None = None
    after: Facts | None = None

    def came_from(self, origin: Origin | None) -> "StaffAct":
        """Return the act with its origin, as far as that is known."""
        if origin is None:
            return self
        return replace(
            self,
            staff_id=self.staff_id or origin.staff_id,
            channel=origin.channel,
            ip_address=origin.ip_address,
            user_agent=origin.user_agent,
        )

    def erased(self) -> "StaffAct":
        """Return the act without what may be personal."""
        return replace(
            self, description="", ip_address=None, user_agent="", before=None, after=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """An act with its link in the chain."""

    act: StaffAct
    link: ActLink


def without_values(recorded: RecordedAct) -> RecordedAct:
    """Return the act erased: its digests stand, what they were made of is gone."""
    return RecordedAct(act=recorded.act.erased(), link=replace(recorded.link, salt=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Which acts; what is None does not matter. `created_until` is not included."""

    staff_name: str | None = None
    action_type: str | None = None
    booking_id: UUID | None = None
    is_refused: bool | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None


class ActNotFoundError(DomainError):
    """No act has this position."""

    code = "act_not_found"


class StaffActs(Protocol):
    """The record of staff acts, in its unit of work's transaction.

    What is added is chained, and seen, once that commits: the record is locked last and shortly.
    """

    async def add(self, act: StaffAct) -> None: ...

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        """Return the acts on a booking that did more than read it, oldest first."""
        ...

    async def page(
        self,
        wanted: ActFilter,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int,
    ) -> tuple[RecordedAct, ...]:
        """Return acts newest first: the newest, those below `before`, or those next above `after`.

        Only one of the two positions may be given.
        """
        ...

    async def chained(self, *, after: int, limit: int) -> tuple[RecordedAct, ...]:
        """Return acts in the order of the chain, those at positions above `after`."""
        ...

    async def erase(self, position: int) -> RecordedAct:
        """Blank what may be personal in an act, for ever; return it as it was.

        Raises:
            ActNotFoundError: no act has this position.
        """
        ...
