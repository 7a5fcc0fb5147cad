"""Look closely at one booking: Stripe and our records, at rest, before anything is named."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.payments.gateway import IntentNotFoundError, IntentStatus, PaymentIntent
from totetaxi_core.ports import Ports
from totetaxi_core.price_book import CancellationTerms
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift
from totetaxi_core.reconciliation.find_drifts import GRACE, find_drifts
from totetaxi_core.reconciliation.payment_drifts import unknown_booking_drifts
from totetaxi_core.reconciliation.provider_picture import ProviderPicture
from totetaxi_core.unit_of_work import UnitOfWork

MAX_LOOKS: Final = 3


class Suspect(NamedTuple):
    """A booking to look at, with intents that bear its id and that no attempt may have."""

    booking_id: UUID
    intent_ids: frozenset[str] = frozenset()


class TermsByVersion:
    """The cancellation terms of the price books met so far; a version never changes."""

    def __init__(self) -> None:
        self._known: dict[int, CancellationTerms] = {}

    async def of(
        self, records: tuple[BookingRecord, ...], uow: UnitOfWork
    ) -> Mapping[int, CancellationTerms]:
        """Return the terms by which these bookings were cancelled, if they were."""
        versions = {
            one.price_book_version
            for one in records
            if one.cancellation_reason is CancellationReason.CUSTOMER
        }
        for version in versions - self._known.keys():
            self._known[version] = (await uow.price_books.get(version)).cancellation_terms
        return self._known


async def look_at(suspect: Suspect, ports: Ports, terms: TermsByVersion) -> tuple[Drift, ...]:
    """Return the booking's drifts, none while it keeps changing: then it is being worked on.

    Stripe is asked between two equal looks at our records, the second under lock: whatever was
    under way on either side has shown itself by then.

    Raises:
        PaymentUnavailableError: Stripe does not answer.
    """
    for _ in range(MAX_LOOKS):
        before = await _record(suspect.booking_id, ports, lock=False)
        picture = await _ask(_intent_ids(suspect, before), ports)
        async with ports.unit_of_work() as uow:
            await _lock(suspect.booking_id, uow)
            records = await uow.reconciliation.of_bookings([suspect.booking_id])
            by_version = await terms.of(records, uow)
        after = records[0] if records else None
        if _at_rest(before) == _at_rest(after):
            return _drifts(after, picture, by_version, now=ports.clock())
    return ()


def _drifts(
    record: BookingRecord | None,
    picture: ProviderPicture,
    terms: Mapping[int, CancellationTerms],
    *,
    now: datetime,
) -> tuple[Drift, ...]:
    if record is None:
        return tuple(unknown_booking_drifts(picture, settled_before=now - GRACE))
    return find_drifts(record, picture, terms, now=now)


def _at_rest(record: BookingRecord | None) -> BookingRecord | None:
    return record.at_rest() if record else None


async def _record(booking_id: UUID, ports: Ports, *, lock: bool) -> BookingRecord | None:
    async with ports.unit_of_work() as uow:
        if lock:
            await _lock(booking_id, uow)
        records = await uow.reconciliation.of_bookings([booking_id])
    return records[0] if records else None


async def _lock(booking_id: UUID, uow: UnitOfWork) -> None:
    try:
        await uow.bookings.get(booking_id, lock=True)
    except BookingNotFoundError:
        return  # nothing to lock: its intents are all there is to see


def _intent_ids(suspect: Suspect, record: BookingRecord | None) -> frozenset[str]:
    attempts = record.attempts if record else ()
    return suspect.intent_ids | {one.intent_id for one in attempts if one.intent_id}


async def _ask(intent_ids: frozenset[str], ports: Ports) -> ProviderPicture:
    intents = {one: await _intent(one, ports) for one in sorted(intent_ids)}
    paid = [one.id for one in intents.values() if one and one.status is IntentStatus.SUCCEEDED]
    refunds = [each for one in paid for each in await ports.payments.find_refunds(one)]
    disputes = [each for one in paid for each in await ports.disputes.find_disputes(one)]
    return ProviderPicture(
        intents=intents,
        refunds=tuple(refunds),
        disputes=tuple(disputes),
        all_refunds_of=frozenset(paid),
    )


async def _intent(intent_id: str, ports: Ports) -> PaymentIntent | None:
    try:
        return await ports.payments.get_intent(intent_id)
    except IntentNotFoundError:
        return None
