"""Let everything go whose time is over, in small batches, and say so."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from totetaxi_core.page import Place
from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError, code_of
from totetaxi_core.retention.erase_past_booking import erase_past_booking
from totetaxi_core.retention.retention_terms import PERSONS, Kept
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import DatabaseUnavailableError

SWEPT: Final = "retention_swept"
NAMED: Final = 20  # in one line
ON_RECORD: Final = frozenset({*PERSONS, Kept.MESSAGES, Kept.REFUSED_ADDRESSES})
"""What was written about people: that it went goes on record. Of the rest only what staff did."""


class BookingsNotErasedError(DomainError):
    """Of some bookings past their time the person stays; all else that was to go has gone.

    `codes` says why, by the booking's id or number: a refusal's code, or the name of what went
    wrong.
    """

    code = "bookings_not_erased"

    def __init__(self, codes: Mapping[UUID, str] | Mapping[str, str]) -> None:
        named = [f"{booking} ({code})" for booking, code in codes.items()]
        more = [f"{len(named) - NAMED} more"] if len(named) > NAMED else []
        super().__init__(
            f"could not erase {len(codes)} of the bookings past their time:"
            f" {', '.join(named[:NAMED] + more)}"
        )
        self.codes = codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many of each kind went, and the bookings that could not be erased, with the reason."""

    gone: Mapping[Kept, int]
    left: Mapping[UUID, str]


async def sweep_all(
    ports: Ports,
    terms: Terms,
    *,
    limit: int,
    most: int,
    by: str = SYSTEM,
    told: Callable[[int], None] | None = None,
) -> Swept:
    """Sweep in rounds until nothing is left; `told` hears after each how many went so far.

    Each round goes on record by itself: one that is stopped has told of all before it. A booking
    that cannot be erased is tried once, and is left for the next time.
    """
    gone: Counter[Kept] = Counter()
    left: dict[UUID, str] = {}
    while True:
        swept = await sweep_kept(ports, terms, limit=limit, most=most, by=by, but=left.keys())
        gone.update(swept.gone)
        left.update(swept.left)
        if told is not None:
            told(gone.total())
        if max(swept.gone.values()) < most:
            return Swept(gone=gone, left=left)


async def sweep_kept(
    ports: Ports,
    terms: Terms,
    *,
    limit: int,
    most: int,
    by: str = SYSTEM,
    but: Collection[UUID] = (),
) -> Swept:
    """Tell what went, in transactions of `limit` rows, or of one booking.

    At most about `most` of a kind go: whoever has more calls again. The ledger is not touched, nor
    are the bookings in `but`.

    Raises:
        DatabaseUnavailableError: a kind was broken off; the others were swept, and what went is on
            record, if the database let us.
    """
    gone = dict.fromkeys(Kept, 0)
    left: dict[UUID, str] = {}
    broken_off: DatabaseUnavailableError | None = None
    for kind in Kept:
        try:
            if kind in PERSONS:
                erasing = _Erasing(kind, ports, terms, by=by, but=but, left=left)
                await erasing.erase(gone, most=most)
            else:
                await _forget(kind, ports, terms, gone, limit=limit, most=most)
        except DatabaseUnavailableError as error:
            broken_off = error
    await _record(gone, ports, by=by)
    if broken_off is not None:
        raise broken_off
    return Swept(gone=gone, left=left)


async def count_kept(ports: Ports, terms: Terms) -> Mapping[Kept, int]:
    """Return how many of each kind are past their time."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        return {
            kind: await uow.kept.count(kind, before=terms.retention.before(kind, now=now))
            for kind in Kept
        }


class _Erasing:
    """Erases the bookings of a kind one by one; those it cannot go to `left`."""

    def __init__(
        self,
        kind: Kept,
        ports: Ports,
        terms: Terms,
        *,
        by: str,
        but: Collection[UUID],
        left: dict[UUID, str],
    ) -> None:
        self._kind, self._ports, self._terms, self._by = kind, ports, terms, by
        self._but, self._left = but, left

    async def erase(self, gone: dict[Kept, int], *, most: int) -> None:
        """Count in `gone` as they go: what went before a failure is known."""
        before = self._terms.retention.before(self._kind, now=self._ports.clock())
        place: Place | None = None
        while gone[self._kind] < most:
            async with self._ports.unit_of_work() as uow:
                found = await uow.kept.bookings(
                    self._kind, before=before, after=place, limit=most - gone[self._kind]
                )
            if not found:
                break
            for place in found:
                if place.id not in self._but:
                    gone[self._kind] += await self._erased(place.id)

    async def _erased(self, booking_id: UUID) -> bool:
        try:
            return await erase_past_booking(
                booking_id, self._kind, self._ports, self._terms, by=self._by
            )
        except Exception as error:  # whatever it is, the others do not wait for it
            code = code_of(error)
            # Once it may be this booking, which somebody holds; twice it is the database.
            if isinstance(error, DatabaseUnavailableError) and code in self._left.values():
                raise
            self._left[booking_id] = code
            return False


async def _forget(
    kind: Kept, ports: Ports, terms: Terms, gone: dict[Kept, int], *, limit: int, most: int
) -> None:
    before = terms.retention.before(kind, now=ports.clock())
    while gone[kind] < most:
        async with ports.unit_of_work() as uow:
            if kind is Kept.WEBHOOK_DELIVERIES:  # their events go with them
                forgotten = await uow.webhook_deliveries.forget(before=before, limit=limit)
            else:
                forgotten = await uow.kept.forget(kind, before=before, limit=limit)
            await uow.commit()
        gone[kind] += forgotten
        if forgotten < limit:
            break


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
