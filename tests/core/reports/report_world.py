"""A house with a few bookings of every fate, for reports; stored in memory or in PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from tests.builders import (
    NOW,
    PELOTON,
    a_booking,
    a_contact,
    a_customer,
    a_payment,
    a_quote,
    a_quote_request,
    a_refund,
    a_rich_quote,
)
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.ledger.post_movement import post_charge, post_refund
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.pricing import Quote, SpecialtyChoice
from totetaxi_core.reports.read_report import ReportRequest, read_report
from totetaxi_core.reports.report import Grouping, Report, ReportName
from totetaxi_core.unit_of_work import UnitOfWork

UowFactory = Callable[[], UnitOfWork]
# Before midnight of the 1st in New York, on the day the clocks go back.
LATE_ON_THE_FIRST = datetime(2026, 11, 2, 4, 59, tzinfo=UTC)
ON_THE_SECOND = LATE_ON_THE_FIRST + timedelta(minutes=1)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The quotes: of two bookings plain and rich, one of the rich moved; of one without a base."""

    plain: Quote
    rich: Quote
    bare: Quote

    @property
    def charged_cents(self) -> int:
        return 2 * self.plain.total_cents + 2 * self.rich.total_cents + self.bare.total_cents


async def a_world(uow_factory: UowFactory) -> World:
    """Store it: its bookings are picked up in December 2026, and were paid in November."""
    world = World(plain=a_quote(), rich=a_rich_quote(), bare=_a_quote_without_base())
    owner = a_customer(email="owner@example.com")
    async with uow_factory() as uow:
        await uow.customers.add(owner)
        first = await _paid(uow, world.plain, at=LATE_ON_THE_FIRST)
        twice = replace(a_payment(first), purpose=PaymentPurpose.DUPLICATE)
        await _charge(uow, first, twice, at=ON_THE_SECOND)
        await _paid(uow, world.rich, at=ON_THE_SECOND, owner=owner.id)
        await _move(uow, world, owner=owner.id)
        await _paid(uow, world.bare, at=NOW, email="cleo@example.com")
        await _cancel(uow, world)
        await uow.bookings.add(_ended(a_booking(), CancellationReason.PAYMENT_TIMEOUT))
        await uow.crews.take(date(2026, 12, 1), range(18, 22), crews=3)
        await uow.commit()
    return world


async def report(
    uow_factory: UowFactory,
    name: ReportName,
    by: Grouping | None = None,
    *,
    days: tuple[date, date] | None = NOVEMBER,
) -> Report:
    house = MemoryHouse()
    ports = replace(house.ports, unit_of_work=uow_factory)
    first_on, last_on = days or (None, None)
    asked = ReportRequest(name=name, first_on=first_on, last_on=last_on, by=by)
    return await read_report(asked, ports, house.terms)


async def _paid(
    uow: UnitOfWork,
    quote: Quote,
    *,
    at: datetime,
    owner: UUID | None = None,
    email: str = "Ada.Guest@Example.com",
) -> Booking:
    booking = confirmed(quote, at=at, owner=owner, email=email)
    await uow.bookings.add(booking)
    await _charge(uow, booking, a_payment(booking), at=at)
    return booking


async def _move(uow: UnitOfWork, world: World, *, owner: UUID) -> None:
    """Charge the price of a plain quote, and the difference once it has become the rich one."""
    now = confirmed(world.rich, at=ON_THE_SECOND, owner=owner)
    before = replace(now, quote=world.plain)
    await uow.bookings.add(now)
    await _charge(uow, before, a_payment(before), at=ON_THE_SECOND)
    more_cents = world.rich.total_cents - world.plain.total_cents
    difference = replace(a_payment(now), purpose=PaymentPurpose.RESCHEDULE, amount_cents=more_cents)
    await _charge(uow, now, difference, at=NOW)


async def _cancel(uow: UnitOfWork, world: World) -> None:
    booking = _ended(
        confirmed(world.plain, at=LATE_ON_THE_FIRST, email="ben@example.com"),
        CancellationReason.CUSTOMER,
    )
    await uow.bookings.add(booking)
    payment = await _charge(uow, booking, a_payment(booking), at=LATE_ON_THE_FIRST)
    refund = a_refund(payment)
    await uow.refunds.add(refund)
    await post_refund(uow, refund, _IDS, at=NOW)


async def _charge(uow: UnitOfWork, booking: Booking, payment: Payment, *, at: datetime) -> Payment:
    succeeded = replace(payment, status=PaymentStatus.SUCCEEDED, completed_at=at)
    await uow.payments.add(succeeded)
    await post_charge(uow, booking, succeeded, _IDS, at=at)
    return succeeded


def confirmed(
    quote: Quote,
    *,
    at: datetime,
    owner: UUID | None = None,
    email: str = "Ada.Guest@Example.com",
) -> Booking:
    """Return a booking made and confirmed at the instant: a guest's, unless it has an owner."""
    booking = a_booking(offer=quote, contact=a_contact(email=email), created_at=at)
    return replace(
        booking,
        status=BookingStatus.CONFIRMED,
        hold_expires_at=None,
        confirmed_at=at,
        customer_id=owner,
    )


def _ended(booking: Booking, reason: CancellationReason) -> Booking:
    return replace(
        booking,
        status=BookingStatus.CANCELLED,
        hold_expires_at=None,
        cancelled_at=NOW,
        cancellation_reason=reason,
    )


def _a_quote_without_base() -> Quote:
    request = replace(
        a_quote_request(),
        service_type=ServiceType.STANDARD_DELIVERY,
        mini_move_package_id=None,
        pickup_time=time(7, 30),
        specialty_items=(SpecialtyChoice(id=PELOTON.id),),
    )
    return a_quote(request)


_IDS = MemoryHouse().ids
