"""Find members of staff: a page of them, or one by id."""

from uuid import UUID

from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_account import StaffAccount


async def find_members(
    ports: Ports, *, before: Place | None = None, after: Place | None = None, limit: int
) -> Page[StaffAccount]:
    """Return at most `limit` members of staff, the newest, or next to a place."""
    async with ports.unit_of_work() as uow:
        found = await uow.staff_accounts.page(before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


async def look_up_member(member_id: UUID, ports: Ports) -> StaffAccount:
    """Return the member of staff of this id.

    Raises:
        StaffNotFoundError: nobody has it.
    """
    async with ports.unit_of_work() as uow:
        return await uow.staff_accounts.get(member_id)
