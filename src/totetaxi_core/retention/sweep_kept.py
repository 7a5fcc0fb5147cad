"""Let everything go whose time is over, in small batches, and say so."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from totetaxi_core.page import Place
from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.retention.erase_past_booking import erase_past_booking
from totetaxi_core.retention.retention_terms import PERSONS, Kept
from totetaxi_core.staff.staff_act import StaffAct

SWEPT: Final = "retention_swept"
ON_RECORD: Final = frozenset({*PERSONS, Kept.MESSAGES, Kept.REFUSED_ADDRESSES})
"""What was written about people: that it went goes on record. Of the rest only what staff did."""


async def sweep_all(
    ports: Ports,
    terms: Terms,
    *,
    limit: int,
    most: int,
    by: str = SYSTEM,
    told: Callable[[int], None] | None = None,
) -> Mapping[Kept, int]:
    """Sweep in rounds until nothing is left; `told` hears after each how many went so far.

    Each round goes on record by itself: one that is stopped has told of all before it.
    """
    gone: Counter[Kept] = Counter()
    while True:
        swept = await sweep_kept(ports, terms, limit=limit, most=most, by=by)
        gone.update(swept)
        if told is not None:
            told(gone.total())
        if max(swept.values()) < most:
            return gone


async def sweep_kept(
    ports: Ports, terms: Terms, *, limit: int, most: int, by: str = SYSTEM
) -> Mapping[Kept, int]:
    """Return how many of each kind went, in transactions of `limit` rows, or of one booking.

    At most about `most` of a kind go: whoever has more calls again. The ledger is not touched.
    """
    gone: dict[Kept, int] = {}
    for kind in Kept:
        if kind in PERSONS:
            gone[kind] = await _erase(kind, ports, terms, most=most, by=by)
        else:
            gone[kind] = await _forget(kind, ports, terms, limit=limit, most=most)
    await _record(gone, ports, by=by)
    return gone


async def count_kept(ports: Ports, terms: Terms) -> Mapping[Kept, int]:
    """Return how many of each kind are past their time."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        return {
            kind: await uow.kept.count(kind, before=terms.retention.before(kind, now=now))
            for kind in Kept
        }


async def _erase(kind: Kept, ports: Ports, terms: Terms, *, most: int, by: str) -> int:
    before = terms.retention.before(kind, now=ports.clock())
    erased = 0
    place: Place | None = None
    while erased < most:
        async with ports.unit_of_work() as uow:
            found = await uow.kept.bookings(kind, before=before, after=place, limit=most - erased)
        if not found:
            break
        for place in found:
            erased += await erase_past_booking(place.id, kind, ports, terms, by=by)
    return erased


async def _forget(kind: Kept, ports: Ports, terms: Terms, *, limit: int, most: int) -> int:
    before = terms.retention.before(kind, now=ports.clock())
    forgotten = 0
    while forgotten < most:
        async with ports.unit_of_work() as uow:
            if kind is Kept.WEBHOOK_DELIVERIES:  # their events go with them
                gone = await uow.webhook_deliveries.forget(before=before, limit=limit)
            else:
                gone = await uow.kept.forget(kind, before=before, limit=limit)
            await uow.commit()
        forgotten += gone
        if gone < limit:
            break
    return forgotten


async def _record(gone: Mapping[Kept, int], ports: Ports, *, by: str) -> None:
    told = {kind.value: number for kind, number in gone.items() if number}
    if by == SYSTEM and not any(gone[kind] for kind in ON_RECORD):
        return
    counts = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in told.items())
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type=SWEPT,
                description=f"past their time: {counts or 'nothing'}",
                booking_id=None,
                created_at=ports.clock(),
                after=told,
            )
        )
        await uow.commit()
