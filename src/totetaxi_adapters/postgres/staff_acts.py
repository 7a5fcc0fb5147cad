"""The record of staff acts."""

import logging
import secrets
from dataclasses import fields
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from totetaxi_adapters.postgres.tables import staff_acts
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.staff.act_chain import chained
from totetaxi_core.staff.act_link import ActLink, ChainHead
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.staff_act import (
    CUSTOMER_READ,
    ActFilter,
    ActNotFoundError,
    RecordedAct,
    StaffAct,
)

LOGGER = logging.getLogger(__name__)
SALT_BYTES = 16

# The columns are the fields of the act and of its link, by name.
ACT = tuple(field.name for field in fields(StaffAct))
LINK = tuple(field.name for field in fields(ActLink))
ADD = insert(staff_acts)
HEAD = (
    select(staff_acts.c.position, staff_acts.c.digest)
    .order_by(staff_acts.c.position.desc())
    .limit(1)
)
OF_BOOKING = (
    select(staff_acts)
    .where(
        staff_acts.c.booking_id == bindparam("of_booking", type_=Uuid),
        staff_acts.c.action_type != literal(CUSTOMER_READ, Text),
    )
    .order_by(staff_acts.c.created_at, staff_acts.c.id)
)
LIMIT = bindparam("limit", type_=Integer)
CHAINED = (
    select(staff_acts)
    .where(staff_acts.c.position > bindparam("after_position", type_=BigInteger))
    .order_by(staff_acts.c.position)
    .limit(LIMIT)
)
WANTED = {
    "staff_name": func.lower(staff_acts.c.staff_name)
    == func.lower(bindparam("staff_name", type_=Text)),
    "action_type": staff_acts.c.action_type == bindparam("action_type", type_=Text),
    "booking_id": staff_acts.c.booking_id == bindparam("booking_id", type_=Uuid),
    "is_refused": staff_acts.c.is_refused == bindparam("is_refused", type_=Boolean),
    "created_from": staff_acts.c.created_at >= bindparam("created_from", type_=INSTANT),
    "created_until": staff_acts.c.created_at < bindparam("created_until", type_=INSTANT),
    "above": staff_acts.c.position > bindparam("above", type_=BigInteger),
    "below": staff_acts.c.position < bindparam("below", type_=BigInteger),
}
NEWEST_FIRST = select(staff_acts).order_by(staff_acts.c.position.desc()).limit(LIMIT)
OLDEST_FIRST = select(staff_acts).order_by(staff_acts.c.position).limit(LIMIT)
AT = staff_acts.c.position == bindparam("at_position", type_=BigInteger)
GET = select(staff_acts).where(AT).with_for_update()
ERASE = (
    update(staff_acts)
    .where(AT)
    .values(description="", ip_address=None, user_agent="", before=null(), after=null(), salt=None)
)


class PostgresStaffActs:
    """Added to; of what is there only the personal values can go: a trigger refuses all else."""

    def __init__(self, transaction: Transaction, *, origin: Origin | None) -> None:
        self._transaction, self._origin = transaction, origin
        self._added: list[StaffAct] = []
        self._head: ChainHead | None = None

    async def add(self, act: StaffAct) -> None:
        self._added.append(act.came_from(self._origin))

    async def before_commit(self) -> None:
        """Link what was added to the end of the chain, which nobody else extends meanwhile."""
        if not self._added:
            return
        await self._transaction.lock("staff acts")
        last = (await self._transaction.execute(HEAD)).one_or_none()
        head = ChainHead() if last is None else ChainHead(last.position, last.digest)
        for act in self._added:
            recorded = chained(act, after=head, salt=secrets.token_hex(SALT_BYTES))
            await self._transaction.execute(ADD, _row(recorded))
            head = recorded.link.head
        self._added.clear()
        self._head = head

    def export_head(self) -> None:
        """Tell the log the new end of the chain: whoever cuts it there cannot cut it here."""
        if self._head is not None:
            LOGGER.info("the chain of staff acts ends with %s", self._head)

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"of_booking": booking_id})
        return tuple(_recorded(row).act for row in rows.mappings())

    async def page(
        self,
        wanted: ActFilter,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int,
    ) -> tuple[RecordedAct, ...]:
        facts = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
        facts |= {"below": before, "above": after}
        given = {name: fact for name, fact in facts.items() if fact is not None}
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        statement = statement.where(*(WANTED[name] for name in given))
        rows = await self._transaction.execute(statement, given | {"limit": limit})
        found = tuple(_recorded(row) for row in rows.mappings())
        return found if after is None else found[::-1]

    async def chained(self, *, after: int, limit: int) -> tuple[RecordedAct, ...]:
        window = {"after_position": after, "limit": limit}
        rows = await self._transaction.execute(CHAINED, window)
        return tuple(_recorded(row) for row in rows.mappings())

    async def erase(self, position: int) -> RecordedAct:
        at = {"at_position": position}
        row = (await self._transaction.execute(GET, at)).mappings().one_or_none()
        if row is None:
            raise ActNotFoundError(f"there is no act {position}")
        await self._transaction.execute(ERASE, at)
        return _recorded(row)


def _row(recorded: RecordedAct) -> dict[str, object]:
    act, link = recorded.act, recorded.link
    return {name: getattr(act, name) for name in ACT} | {name: getattr(link, name) for name in LINK}


def _recorded(row: RowMapping) -> RecordedAct:
    channel = None if row["channel"] is None else Channel(row["channel"])
    return RecordedAct(
        act=StaffAct(**{name: row[name] for name in ACT} | {"channel": channel}),
        link=ActLink(**{name: row[name] for name in LINK}),
    )
