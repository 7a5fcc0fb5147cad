"""Reports: each in one statement, over the rows of some days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ARRAY, Date, bindparam, text

from totetaxi_adapters.postgres.report_money import BOUNDS, WINDOW, PostgresMoneyReports
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.reports.report_desk import Buyers, Counted, CrewDay, Pickups
from totetaxi_core.reports.span import Days

DAYS: Final = (bindparam("first_on", type_=Date), bindparam("last_on", type_=Date))
BOOKINGS: Final = text("""
    SELECT width_bucket(pickup_date, :bounds) - 1 AS span, service_type, status,
        cancellation_reason, confirmed_at IS NOT NULL AS was_confirmed,
        coalesce(gone.amount_cents, 0) > 0 AS was_refunded, count(*) AS bookings
    FROM bookings LEFT JOIN (
        SELECT booking_id, sum(side.amount_cents) AS amount_cents
        FROM ledger_entries AS entry JOIN ledger_postings AS side ON side.entry_id = entry.id
        WHERE kind IN ('refund', 'refund_failed') AND account = 'refunds'
        GROUP BY booking_id
    ) AS gone ON gone.booking_id = bookings.id
    WHERE pickup_date >= :first_on AND pickup_date < :ends_on AND deleted_at IS NULL
    GROUP BY span, service_type, status, cancellation_reason, was_confirmed, was_refunded
""").bindparams(
    bindparam("bounds", type_=ARRAY(Date)),
    bindparam("first_on", type_=Date),
    bindparam("ends_on", type_=Date),
)
LEAD_DAYS: Final = text("""
    SELECT floor(extract(epoch FROM pickup_at - created_at) / 86400)::int AS lead_days,
        count(*) AS bookings
    FROM bookings
    WHERE pickup_date BETWEEN :first_on AND :last_on
        AND confirmed_at IS NOT NULL AND deleted_at IS NULL
    GROUP BY lead_days
""").bindparams(*DAYS)
PICKUPS: Final = text("""
    SELECT pickup_date, (extract(epoch FROM pickup_time)::int / 1800) AS half_hour,
        count(*) AS bookings
    FROM bookings
    WHERE pickup_date BETWEEN :first_on AND :last_on
        AND status IN ('confirmed', 'in_progress', 'completed') AND deleted_at IS NULL
    GROUP BY pickup_date, half_hour
""").bindparams(*DAYS)
CREW_DAYS: Final = text("""
    SELECT on_date, crew_dates.crews, coalesce(sum(taken), 0) AS taken_half_hours
    FROM crew_dates LEFT JOIN crew_half_hours USING (on_date)
    WHERE on_date BETWEEN :first_on AND :last_on
    GROUP BY on_date
""").bindparams(*DAYS)
BUYERS: Final = text("""
    WITH bought AS (
        SELECT coalesce(customer_id, md5(lower(contact_email))::uuid) AS who, confirmed_at
        FROM bookings
        WHERE confirmed_at < :ends_at AND deleted_at IS NULL
    ),
    first AS (
        SELECT width_bucket(min(confirmed_at), :bounds) - 1 AS span FROM bought GROUP BY who
    ),
    seen AS (
        SELECT width_bucket(confirmed_at, :bounds) - 1 AS span, count(*) AS bookings
        FROM bought WHERE confirmed_at >= :begins_at GROUP BY span, who
    )
    SELECT span, sum(customers)::bigint AS customers, sum(new_customers)::bigint AS new_customers,
        sum(bookings)::bigint AS bookings
    FROM (
        SELECT span, count(*) AS customers, 0 AS new_customers, sum(bookings) AS bookings
        FROM seen GROUP BY span
        UNION ALL
        SELECT span, 0, count(*), 0 FROM first WHERE span >= 0 GROUP BY span
    ) AS every
    GROUP BY span
""").bindparams(BOUNDS, *WINDOW)


class PostgresReportDesk(PostgresMoneyReports):
    """The port by which reports are counted."""

    async def bookings(self, bounds: Sequence[date]) -> Sequence[Counted]:
        asked = {"bounds": list(bounds), "first_on": bounds[0], "ends_on": bounds[-1]}
        return [
            Counted(
                span=row.span,
                service=ServiceType(row.service_type),
                status=BookingStatus(row.status),
                reason=row.cancellation_reason and CancellationReason(row.cancellation_reason),
                was_confirmed=row.was_confirmed,
                was_refunded=row.was_refunded,
                bookings=row.bookings,
            )
            for row in await self._transaction.execute(BOOKINGS, asked)
        ]

    async def lead_days(self, days: Days) -> Mapping[int, int]:
        rows = await self._transaction.execute(LEAD_DAYS, _dates(days))
        return {row.lead_days: row.bookings for row in rows}

    async def pickups(self, days: Days) -> Sequence[Pickups]:
        rows = await self._transaction.execute(PICKUPS, _dates(days))
        return [Pickups(row.pickup_date, row.half_hour, row.bookings) for row in rows]

    async def crew_days(self, days: Days) -> Mapping[date, CrewDay]:
        rows = await self._transaction.execute(CREW_DAYS, _dates(days))
        return {row.on_date: CrewDay(row.crews, row.taken_half_hours) for row in rows}

    async def buyers(self, bounds: Sequence[datetime]) -> Mapping[int, Buyers]:
        asked = {"bounds": list(bounds), "begins_at": bounds[0], "ends_at": bounds[-1]}
        return {
            row.span: Buyers(
                customers=row.customers, new_customers=row.new_customers, bookings=row.bookings
            )
            for row in await self._transaction.execute(BUYERS, asked)
        }


def _dates(days: Days) -> Mapping[str, object]:
    return {"first_on": days.first_on, "last_on": days.last_on}
