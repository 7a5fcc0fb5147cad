"""The desk at a glance: today's pickups, this week, and what waits for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.business_day import day_begins_at
from totetaxi_core.customers.totals import MONEY
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.notifications.message import MessageState
from totetaxi_core.outbox.owed_effect import Standing
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.occupancy import HALF_HOUR_MINUTES, minutes_into_day
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.staff.dashboard_desk import PickupToday, WaitingRefunds
from totetaxi_core.staff.permission import Permission, Rights, may
from totetaxi_core.unit_of_work import UnitOfWork

WEEK = timedelta(days=7)
REFUNDED = frozenset({EntryKind.REFUND, EntryKind.REFUND_FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What moved, in cents, by the ledger; `net_cents` has what disputes took and gave too."""

    charged_cents: int
    refunded_cents: int
    net_cents: int

    @classmethod
    def of_sums(cls, sums: Mapping[tuple[EntryKind, Account], int]) -> Self:
        """Read it from what was posted by kind of entry and account."""
        moved = {key: cents for key, cents in sums.items() if key[1] in MONEY}
        return cls(
            charged_cents=sum(
                cents for (kind, _), cents in moved.items() if kind is EntryKind.CHARGE
            ),
            refunded_cents=-sum(cents for (kind, _), cents in moved.items() if kind in REFUNDED),
            net_cents=sum(moved.values()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of New York, both included; `bookings` are those picked up on them, every status.

    `money` is None for whoever may not see it.
    """

    first_on: date
    last_on: date
    bookings: Mapping[BookingStatus, int]
    new_customers: int
    money: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPickup:
    """`crews_left` is how many are free in the half hour of the pickup."""

    pickup: PickupToday
    crews_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledMessages:
    """How many messages a person should look at: those that may be lost, and those refused."""

    unknown: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """`week` is from Monday to Sunday. None is what the caller may not see."""

    today: Period
    week: Period
    pickups: tuple[PlannedPickup, ...]
    waiting_refunds: WaitingRefunds | None
    messages: TroubledMessages | None
    failed_jobs: int


async def dashboard(ports: Ports, terms: Terms, *, seen_by: Rights | None) -> Dashboard:
    """Return the desk as it stands; None, at the machine itself, sees all."""
    now = ports.clock()
    today = now.astimezone(terms.zone).date()
    monday = today - timedelta(days=today.weekday())
    with_money = seen_by is None or may(seen_by, Permission.VIEW_FINANCIAL_REPORTS)
    with_refunds = seen_by is None or may(seen_by, Permission.READ_REFUNDS)
    with_messages = seen_by is None or may(seen_by, Permission.READ_MESSAGES)
    async with ports.unit_of_work() as uow:
        desk = _Desk(uow=uow, terms=terms, with_money=with_money)
        return Dashboard(
            today=await desk.period(today, today),
            week=await desk.period(monday, monday + WEEK - timedelta(days=1)),
            pickups=await desk.planned(today),
            waiting_refunds=await uow.dashboard_desk.waiting_refunds() if with_refunds else None,
            messages=await desk.messages() if with_messages else None,
            failed_jobs=(await uow.outbox.backlog(now=now)).counts[Standing.FAILED],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    uow: UnitOfWork
    terms: Terms
    with_money: bool

    async def period(self, first_on: date, last_on: date) -> Period:
        begin = day_begins_at(first_on, self.terms.zone)
        end = day_begins_at(last_on + timedelta(days=1), self.terms.zone)
        counted = self.uow.dashboard_desk
        found = await counted.bookings_by_status(first_on=first_on, last_on=last_on)
        return Period(
            first_on=first_on,
            last_on=last_on,
            bookings={status: found.get(status, 0) for status in BookingStatus},
            new_customers=await counted.new_customers(created_from=begin, created_until=end),
            money=await self._money(begin, end) if self.with_money else None,
        )

    async def _money(self, begin: datetime, end: datetime) -> Money:
        return Money.of_sums(await self.uow.ledger.sums(posted_from=begin, posted_until=end))

    async def messages(self) -> TroubledMessages:
        counts = await self.uow.messages.unfinished()
        return TroubledMessages(
            unknown=counts[MessageState.UNKNOWN], refused=counts[MessageState.REFUSED]
        )

    async def planned(self, on: date) -> tuple[PlannedPickup, ...]:
        counts = await self.uow.crews.taken(on, on)
        of_schedule = (await terms_now(self.uow, self.terms)).schedule.crews_on(on)
        crews = next((count.crews for count in counts.values()), of_schedule)
        found = []
        for pickup in await self.uow.dashboard_desk.pickups(on):
            half_hour = minutes_into_day(pickup.pickup_time) // HALF_HOUR_MINUTES
            count = counts.get((on, half_hour))
            left = crews if count is None else count.crews - count.taken
            found.append(PlannedPickup(pickup=pickup, crews_left=left))
        return tuple(found)
