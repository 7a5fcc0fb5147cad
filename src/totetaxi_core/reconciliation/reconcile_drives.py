"""Hold our drives against the courier's tasks, name what differs, and mend what can be.

Source: docs/reconciliation.md, "Drives".
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProviderTask,
)
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import Drift, Outcome, ReconciledDrift
from totetaxi_core.reconciliation.drive_drifts import DriveLook, DriveRecord, drive_drifts
from totetaxi_core.reconciliation.find_drifts import GRACE, SENDING
from totetaxi_core.reconciliation.records import BookingKey
from totetaxi_core.reconciliation.repair import repair_drift
from totetaxi_core.reconciliation.sweep import PAGE, Span
from totetaxi_core.refusal import DomainError

KEPT_THERE: Final = tuple(
    status
    for status in CourierTaskStatus
    if status not in {CourierTaskStatus.WAITING, CourierTaskStatus.DELETED}
)
OUTAGES: Final = (CourierUnavailableError, CourierMisconfiguredError)
STILL_THERE: Final = "its repair was done and it is still there"


async def reconcile_drives(
    span: Span, ports: Ports, terms: Terms, *, repair: bool, also: Collection[UUID] = ()
) -> tuple[ReconciledDrift, ...]:
    """Compare the tasks made in the span, and the bookings made or changed in it, with `also`.

    A task that names a booking we do not have is another house's, and raises nothing. It may be
    stopped at any point, and run again.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; what was mended by then is.
    """
    comparing = _Comparing(ports, terms, repair=repair, listed_since=span.begin + GRACE)
    listed = await ports.couriers.list_tasks(since=span.begin, statuses=KEPT_THERE)
    by_booking = _by_booking(listed)
    booking_ids = {*by_booking, *also, *await _bookings_of(span, ports)}
    for booking_id in sorted(booking_ids):
        await comparing.take(booking_id, by_booking.get(booking_id, []))
    return tuple(comparing.found)


def _by_booking(listed: Iterable[ProviderTask]) -> Mapping[UUID, list[ProviderTask]]:
    by_booking: dict[UUID, list[ProviderTask]] = {}
    for task in listed:
        if task.booking_id is not None:
            by_booking.setdefault(task.booking_id, []).append(task)
    return by_booking


async def _bookings_of(span: Span, ports: Ports) -> set[UUID]:
    """Return the bookings made or changed in the span."""
    found: set[UUID] = set()
    for is_made in (True, False):
        after: BookingKey | None = None
        while True:
            page = await _page(span, ports, after, is_made=is_made)
            found.update(key.booking_id for key in page)
            if len(page) < PAGE:
                break
            after = page[-1]
    return found


async def _page(
    span: Span, ports: Ports, after: BookingKey | None, *, is_made: bool
) -> tuple[BookingKey, ...]:
    async with ports.unit_of_work() as uow:
        records = uow.reconciliation
        if is_made:
            return await records.created(
                created_from=span.begin, created_until=span.until, after=after, limit=PAGE
            )
        return await records.updated(
            updated_from=span.begin, updated_until=span.until, after=after, limit=PAGE
        )


class _Comparing:
    """Compares bookings one by one, and keeps what was found with what became of it."""

    def __init__(self, ports: Ports, terms: Terms, *, repair: bool, listed_since: datetime) -> None:
        self._ports, self._terms, self._repair = ports, terms, repair
        self._listed_since = listed_since
        self.found: list[ReconciledDrift] = []

    async def take(self, booking_id: UUID, seen: list[ProviderTask]) -> None:
        drifts = await self._drifts(booking_id, seen)
        todo = [drift for drift in drifts if self._repair and drift.repair is not None]
        if not todo:
            self.found.extend(_untouched(drift) for drift in drifts)
            return
        refusals = {drift.key: await self._refusal(drift) for drift in todo}
        left = {drift.key: drift for drift in await self._looked_again(booking_id, seen)}
        for drift in todo:
            self.found.append(_tried(drift, refusals[drift.key], is_left=drift.key in left))
        self.found.extend(_untouched(one) for key, one in left.items() if key not in refusals)

    async def _drifts(self, booking_id: UUID, seen: list[ProviderTask]) -> tuple[Drift, ...]:
        async with self._ports.unit_of_work() as uow:
            try:
                booking = await uow.bookings.get(booking_id)
            except BookingNotFoundError:
                return ()
            tasks = await uow.courier_tasks.of_booking(booking_id)
        now = self._ports.clock()
        look = DriveLook(now=now, settled_before=now - GRACE, sent_before=now - SENDING)
        record = DriveRecord(
            booking=booking, tasks=tasks, seen=seen, listed_since=self._listed_since
        )
        return tuple(drive_drifts(record, look, self._terms))

    async def _refusal(self, drift: Drift) -> str | None:
        """Repair it; return why the use case refused, None if it did not."""
        try:
            await repair_drift(drift, self._ports, self._terms)
        except OUTAGES:
            raise
        except DomainError as error:
            return f"{error.code}: {error}"
        return None

    async def _looked_again(self, booking_id: UUID, seen: list[ProviderTask]) -> tuple[Drift, ...]:
        present = [await self._present(one.id) for one in seen]
        return await self._drifts(booking_id, [one for one in present if one is not None])

    async def _present(self, onfleet_task_id: str) -> ProviderTask | None:
        try:
            return await self._ports.couriers.get_task(onfleet_task_id)
        except CourierTaskNotFoundError:
            return None


def _untouched(drift: Drift) -> ReconciledDrift:
    outcome = Outcome.LEFT if drift.repair is None else Outcome.REPAIRABLE
    return ReconciledDrift(drift=drift, outcome=outcome, note=drift.left_because)


def _tried(drift: Drift, refusal: str | None, *, is_left: bool) -> ReconciledDrift:
    if not is_left:
        return ReconciledDrift(drift=drift, outcome=Outcome.REPAIRED)
    return ReconciledDrift(drift=drift, outcome=Outcome.FAILED, note=refusal or STILL_THERE)
