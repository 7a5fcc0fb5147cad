"""List refunds, newest first, a page at a time."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRefund:
    """A refund, and the number of its booking."""

    refund: Refund
    booking_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPage:
    """`next_after` is the refund's id to ask on from; None at the end."""

    refunds: tuple[ListedRefund, ...]
    next_after: UUID | None


async def list_refunds(
    ports: Ports, *, status: RefundStatus | None, after: UUID | None, limit: int
) -> RefundPage:
    """Return at most `limit` refunds older than the one whose id is `after`.

    Raises:
        RefundNotFoundError: no refund has that id.
    """
    async with ports.unit_of_work() as uow:
        last = None if after is None else await uow.refunds.get(after)
        found = await uow.refunds.page(
            status=status, after=(last.created_at, last.id) if last else None, limit=limit + 1
        )
        shown = tuple([await _listed(refund, uow) for refund in found[:limit]])
    return RefundPage(refunds=shown, next_after=shown[-1].refund.id if len(found) > limit else None)


async def look_up_refund(refund_id: UUID, ports: Ports) -> ListedRefund:
    """Return a refund.

    Raises:
        RefundNotFoundError: no refund has this id.
    """
    async with ports.unit_of_work() as uow:
        return await _listed(await uow.refunds.get(refund_id), uow)


async def _listed(refund: Refund, uow: UnitOfWork) -> ListedRefund:
    booking = await uow.bookings.get(refund.booking_id)
    return ListedRefund(refund=refund, booking_number=booking.booking_number)
