"""Read the record of staff acts: list it, check its chain, erase what is personal in an act."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from totetaxi_core.page import Page, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.chain_check import ERASED, ChainCheck, ChainFault
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import ActFilter, RecordedAct, StaffAct

BATCH = 1_000
MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a check of the whole chain found; `head` is to be kept elsewhere."""

    checked: int
    head: ChainHead
    faults: tuple[ChainFault, ...]


async def list_acts(
    ports: Ports,
    wanted: ActFilter,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> Page[RecordedAct]:
    """Return at most `limit` acts: the newest, or next to a position, of which one may be given."""
    async with ports.unit_of_work() as uow:
        found = await uow.staff_acts.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


async def verify_acts(ports: Ports, *, head: ChainHead | None) -> ChainReport:
    """Check every act's digests and place; `head`, exported earlier, must still be in the chain."""
    check, checked = ChainCheck(head=head), 0
    async for recorded in _whole_chain(ports):
        check.take(recorded)
        checked += 1
    return ChainReport(checked=checked, head=check.end, faults=check.faults())


async def erase_act(position: int, ports: Ports, *, reason: str, by: StaffAccount) -> None:
    """Blank what may be personal in an act, which goes on record itself; the chain stands.

    Raises:
        InvalidInputError: no reason.
        ActNotFoundError: no act has this position.
    """
    if not reason.strip() or len(reason) > MAX_REASON:
        message = f"must be 1 to {MAX_REASON} characters"
        raise InvalidInputError([FieldFault(field="reason", code="bad_length", message=message)])
    async with ports.unit_of_work() as uow:
        erased = await uow.staff_acts.erase(position)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by.username,
                staff_id=by.id,
                action_type=ERASED,
                description=f"erased the values of act {position}: {reason.strip()}",
                booking_id=erased.act.booking_id,
                created_at=ports.clock(),
                subject=f"act:{erased.act.id}",
            )
        )
        await uow.commit()


async def _whole_chain(ports: Ports) -> AsyncIterator[RecordedAct]:
    after = 0
    while True:
        async with ports.unit_of_work() as uow:
            batch = await uow.staff_acts.chained(after=after, limit=BATCH)
        for recorded in batch:
            yield recorded
        if not batch:
            return
        after = batch[-1].link.position
