"""Go through a span of time, page by page on both sides, for bookings that need a close look."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self, TypeVar
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.ports import Ports
from totetaxi_core.price_book import CancellationTerms
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.find_drifts import find_drifts
from totetaxi_core.reconciliation.look import Suspect, TermsByVersion
from totetaxi_core.reconciliation.provider_picture import ProviderPicture
from totetaxi_core.reconciliation.records import BookingKey
from totetaxi_core.reconciliation.refund_drifts import MADE

PAGE: Final = 200
DAY: Final = timedelta(days=1)

LEAST_ID: Final = UUID(int=0)

Listed = TypeVar("Listed")
OfIntent = TypeVar("OfIntent", ProviderRefund, ProviderDispute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The aware instants `[begin, until)`."""

    begin: datetime
    until: datetime

    def days(self) -> tuple[Self, ...]:
        """Return the span in pieces of 24 h, the last one maybe shorter."""
        count = max(0, -((self.begin - self.until) // DAY))
        begins = [self.begin + DAY * number for number in range(count)]
        cls = type(self)
        return tuple(cls(begin=one, until=min(one + DAY, self.until)) for one in begins)

    def has(self, instant: datetime) -> bool:
        return self.begin <= instant < self.until


class Sweep:
    """What it holds in memory is one day's intents and refunds by id, and one page of records."""

    def __init__(self, ports: Ports, terms: TermsByVersion) -> None:
        self._ports, self._terms = ports, terms
        self._intents: dict[str, PaymentIntent] = {}
        self._refund_ids: set[str] = set()
        self._by_version: Mapping[int, CancellationTerms] = {}
        self.compared = 0

    async def of_day(self, day: Span) -> AsyncIterator[Suspect]:
        """Yield bookings of which something differs, by what Stripe and we made in that span.

        A booking may come several times.
        """
        self._intents, self._refund_ids = {}, set()
        for suspects in (self._by_intents, self._by_refunds, self._by_disputes, self._ours):
            async for suspect in suspects(day):
                yield suspect

    async def _by_intents(self, day: Span) -> AsyncIterator[Suspect]:
        listed = self._ports.payment_records.intents(
            created_from=day.begin, created_until=day.until
        )
        async for page in _in_pages(listed):
            by_booking: dict[UUID, dict[str, PaymentIntent]] = {}
            for one in page:
                if one.booking_id is not None and one.payment_id is not None:
                    by_booking.setdefault(one.booking_id, {})[one.id] = one
                    self._intents[one.id] = one
            unknown = set(by_booking)
            for record in await self._records(by_booking):
                unknown.discard(record.booking_id)
                intents = by_booking[record.booking_id]
                if self._differs(record, ProviderPicture(intents=intents)):
                    yield Suspect(record.booking_id, frozenset(intents))
            for booking_id in unknown:
                yield Suspect(booking_id, frozenset(by_booking[booking_id]))

    async def _by_refunds(self, day: Span) -> AsyncIterator[Suspect]:
        listed = self._ports.payment_records.refunds(
            created_from=day.begin, created_until=day.until
        )
        async for page in _in_pages(listed):
            self._refund_ids.update(one.id for one in page)
            for record in await self._records_of_intents(page):
                theirs = _of_record(record, page)
                if self._differs(record, ProviderPicture(refunds=theirs)):
                    yield Suspect(record.booking_id)

    async def _by_disputes(self, day: Span) -> AsyncIterator[Suspect]:
        listed = self._ports.payment_records.disputes(
            created_from=day.begin, created_until=day.until
        )
        async for page in _in_pages(listed):
            for record in await self._records_of_intents(page):
                theirs = _of_record(record, page)
                if self._differs(record, ProviderPicture(disputes=theirs)):
                    yield Suspect(record.booking_id)

    async def _ours(self, day: Span) -> AsyncIterator[Suspect]:
        """Yield our own: of those made that day every payment is looked for at Stripe."""
        async for record in self._created(day):
            if self._differs(record, ProviderPicture()) or self._is_unseen(record, within=None):
                yield Suspect(record.booking_id)
        for changed in (self._updated, self._refunded):
            async for record in changed(day):
                if self._differs(record, ProviderPicture()) or self._is_unseen(record, within=day):
                    yield Suspect(record.booking_id)

    async def unfinished(self, *, before: datetime) -> AsyncIterator[Suspect]:
        """Yield what was begun before that instant and has not come to its end here."""
        for status in (RefundStatus.APPROVED, RefundStatus.SENT):
            async for page in self._refunds(status, before=before):
                for refund in page:
                    yield Suspect(refund.booking_id)
        async for booking_id in self._pending(before=before):
            yield Suspect(booking_id)

    async def _refunds(
        self, status: RefundStatus | None, *, before: datetime
    ) -> AsyncIterator[tuple[Refund, ...]]:
        """Yield pages of refunds asked for before that instant, newest first; none is empty."""
        after = (before, LEAST_ID)
        while True:
            async with self._ports.unit_of_work() as uow:
                page = await uow.refunds.page(status=status, after=after, limit=PAGE)
            if page:
                yield page
            if len(page) < PAGE:
                return
            after = (page[-1].created_at, page[-1].id)

    async def _pending(self, *, before: datetime) -> AsyncIterator[UUID]:
        after = (before, LEAST_ID)
        while True:
            async with self._ports.unit_of_work() as uow:
                page = await uow.bookings.page(
                    status=BookingStatus.PENDING, after=after, limit=PAGE
                )
            for booking in page:
                yield booking.id
            if len(page) < PAGE:
                return
            after = (page[-1].created_at, page[-1].id)

    async def _created(self, day: Span) -> AsyncIterator[BookingRecord]:
        after: BookingKey | None = None
        while True:
            async with self._ports.unit_of_work() as uow:
                page = await uow.reconciliation.created(
                    created_from=day.begin, created_until=day.until, after=after, limit=PAGE
                )
            for record in await self._records([key.booking_id for key in page]):
                yield record
            if len(page) < PAGE:
                return
            after = page[-1]

    async def _updated(self, day: Span) -> AsyncIterator[BookingRecord]:
        after: BookingKey | None = None
        while True:
            async with self._ports.unit_of_work() as uow:
                page = await uow.reconciliation.updated(
                    updated_from=day.begin, updated_until=day.until, after=after, limit=PAGE
                )
            for record in await self._records([key.booking_id for key in page]):
                yield record
            if len(page) < PAGE:
                return
            after = page[-1]

    async def _refunded(self, day: Span) -> AsyncIterator[BookingRecord]:
        """Yield the bookings of refunds asked for that day: no refund changes its booking."""
        async for page in self._refunds(None, before=day.until):
            in_day = {refund.booking_id for refund in page if refund.created_at >= day.begin}
            for record in await self._records(in_day):
                yield record
            if page[-1].created_at < day.begin:
                return

    async def _records(self, booking_ids: Collection[UUID]) -> tuple[BookingRecord, ...]:
        if not booking_ids:
            return ()
        async with self._ports.unit_of_work() as uow:
            records = await uow.reconciliation.of_bookings(booking_ids)
            self._by_version = await self._terms.of(records, uow)
        self.compared += len(records)
        return records

    async def _records_of_intents(
        self, page: Sequence[ProviderRefund | ProviderDispute]
    ) -> tuple[BookingRecord, ...]:
        """Return the bookings these are of; what is not ours has none."""
        intent_ids = {one.intent_id for one in page if one.intent_id is not None}
        if not intent_ids:
            return ()
        async with self._ports.unit_of_work() as uow:
            booking_ids = await uow.reconciliation.bookings_of_intents(intent_ids)
        return await self._records(booking_ids)

    def _differs(self, record: BookingRecord, picture: ProviderPicture) -> bool:
        return bool(find_drifts(record, picture, self._by_version, now=self._ports.clock()))

    def _is_unseen(self, record: BookingRecord, *, within: Span | None) -> bool:
        """Tell whether Stripe's lists of that day lacked a payment, or a refund, that we have."""
        for payment in record.paid:
            attempt = record.attempt_that_paid(payment)
            is_due = attempt is not None and (within is None or within.has(attempt.created_at))
            if is_due and attempt is not None and attempt.intent_id not in self._intents:
                return True
        return any(
            refund.status in MADE
            and (within is None or within.has(refund.created_at))
            and refund.stripe_refund_id not in self._refund_ids
            for refund in record.refunds
        )


def _of_record(record: BookingRecord, page: Sequence[OfIntent]) -> tuple[OfIntent, ...]:
    intent_ids = {one.intent_id for one in record.attempts if one.intent_id is not None}
    return tuple(one for one in page if one.intent_id in intent_ids)


async def _in_pages(listed: AsyncIterator[Listed]) -> AsyncIterator[tuple[Listed, ...]]:
    page: list[Listed] = []
    async for one in listed:
        page.append(one)
        if len(page) == PAGE:
            yield tuple(page)
            page = []
    if page:
        yield tuple(page)
