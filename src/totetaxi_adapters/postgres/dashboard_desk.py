"""The desk, counted: each figure by an index, over the rows of some days."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Date, bindparam, func, literal_column, select

from totetaxi_adapters.postgres.tables import bookings, customers, refunds
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.staff.dashboard_desk import PickupToday, WaitingRefunds

COUNT = func.count().label("number")
BY_STATUS = (
    select(bookings.c.status, COUNT)
    .where(
        bookings.c.pickup_date >= bindparam("first_on", type_=Date),
        bookings.c.pickup_date <= bindparam("last_on", type_=Date),
        bookings.c.deleted_at.is_(None),
    )
    .group_by(bookings.c.status)
)
PICKUPS = (
    select(
        bookings.c.id,
        bookings.c.booking_number,
        bookings.c.status,
        bookings.c.service_type,
        bookings.c.pickup_time,
    )
    .where(
        bookings.c.pickup_date == bindparam("pickup_on", type_=Date),
        bookings.c.status != BookingStatus.CANCELLED,
        bookings.c.deleted_at.is_(None),
    )
    .order_by(bookings.c.pickup_time, bookings.c.booking_number)
)
NEW_CUSTOMERS = select(COUNT).where(
    customers.c.created_at >= bindparam("created_from", type_=INSTANT),
    customers.c.created_at < bindparam("created_until", type_=INSTANT),
)
# Written out, for the index by status: refunds that wait are few, whatever has been decided.
WAITING = select(COUNT, func.min(refunds.c.created_at).label("oldest_at")).where(
    literal_column("refunds.status = 'requested'")
)


class PostgresDashboardDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def bookings_by_status(
        self, *, first_on: date, last_on: date
    ) -> Mapping[BookingStatus, int]:
        days = {"first_on": first_on, "last_on": last_on}
        rows = await self._transaction.execute(BY_STATUS, days)
        return {BookingStatus(row.status): row.number for row in rows}

    async def pickups(self, on: date) -> tuple[PickupToday, ...]:
        rows = await self._transaction.execute(PICKUPS, {"pickup_on": on})
        return tuple(
            PickupToday(
                booking_id=row.id,
                booking_number=row.booking_number,
                status=BookingStatus(row.status),
                service_type=ServiceType(row.service_type),
                pickup_time=row.pickup_time,
            )
            for row in rows
        )

    async def new_customers(self, *, created_from: datetime, created_until: datetime) -> int:
        window = {"created_from": created_from, "created_until": created_until}
        rows = await self._transaction.execute(NEW_CUSTOMERS, window)
        return int(rows.scalar_one())

    async def waiting_refunds(self) -> WaitingRefunds:
        row = (await self._transaction.execute(WAITING)).one()
        return WaitingRefunds(count=row.number, oldest_at=row.oldest_at)
