"""PostgreSQL under a simulated world, and all its rows read back for the promises to be checked."""

from collections import deque
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import PostgresUowFactory
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import CodeUse, OwedRow
from totetaxi_adapters.postgres.tables.bookings import discount_uses
from totetaxi_adapters.postgres.tables.crews import crew_half_hours
from totetaxi_adapters.postgres.tables.outbox import owed_effects
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.customers.customer_desk import CustomerFilter
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.unit_of_work import UnitOfWork

EVERYTHING = 100_000


class PostgresStore:
    """Rows of a database of its own. Its effects are worked off in rounds, the oldest first."""

    def __init__(self, engine: AsyncEngine, uow_factory: PostgresUowFactory) -> None:
        self._engine, self._uow_factory = engine, uow_factory
        self._due: deque[UUID] = deque()

    def unit_of_work(self) -> UnitOfWork:
        return self._uow_factory()

    async def take_job(self, draw: int) -> UUID | None:
        """Return an effect that is due; with every other draw that of the other end."""
        if not self._due:
            await self.look_for_work()
        if not self._due:
            return None
        return self._due.popleft() if draw % 2 else self._due.pop()

    def jobs(self) -> int:
        return len(self._due)

    async def look_for_work(self) -> None:
        """Note every effect that is not done, so that `jobs` counts them."""
        query = select(owed_effects.c.id).where(owed_effects.c.state == EffectState.DUE)
        async with self._engine.connect() as connection:
            found = (await connection.execute(query.order_by(owed_effects.c.due_at))).scalars()
            self._due = deque(found)

    async def read(self) -> MemoryDatabase:
        """Return all that is stored, as an in-memory database."""
        database = MemoryDatabase()
        async with self.unit_of_work() as uow:
            bookings = await uow.bookings.page(status=None, after=None, limit=EVERYTHING)
            database.bookings.publish({each.id: each for each in bookings})
            for booking in bookings:
                await _read_booking(booking, uow, database)
            accounts = await uow.customer_desk.page(CustomerFilter(), limit=EVERYTHING)
            owners = {each.customer_id for each in bookings if each.customer_id is not None}
            for customer_id in owners | {each.id for each in accounts}:
                await _read_account(customer_id, uow, database)
            messages = await uow.messages.newest(limit=EVERYTHING)
            database.messages.publish({each.id: each for each in messages})
            acts = await uow.staff_acts.chained(after=0, limit=EVERYTHING)
            database.staff_acts.publish({each.link.position: each for each in acts})
        await self._read_places(database)
        await self._read_effects(database)
        return database

    async def _read_places(self, database: MemoryDatabase) -> None:
        async with self._engine.connect() as connection:
            uses = (await connection.execute(select(discount_uses))).mappings().all()
            days = (await connection.execute(select(crew_half_hours.c.on_date))).scalars().all()
        database.code_uses.publish(
            {
                each["booking_id"]: CodeUse(code_id=each["code_id"], email_key=each["email_key"])
                for each in uses
            }
        )
        if days:
            async with self.unit_of_work() as uow:
                database.crews.publish(dict(await uow.crews.taken(min(days), max(days))))

    async def _read_effects(self, database: MemoryDatabase) -> None:
        async with self._engine.connect() as connection:
            ids = (await connection.execute(select(owed_effects.c.id))).scalars().all()
        async with self.unit_of_work() as uow:
            found = [await uow.outbox.get(effect_id) for effect_id in ids]
        effects = [each for each in found if each is not None]
        database.effects.publish({each.id: OwedRow(each, None) for each in effects})


async def _read_account(customer_id: UUID, uow: UnitOfWork, database: MemoryDatabase) -> None:
    """Read an account, one that was deleted too, and the cards in it."""
    customer = await uow.customers.get(customer_id)
    cards = await uow.payment_methods.active(customer_id)
    database.customers.publish({customer.id: customer})
    database.payment_methods.publish({each.id: each for each in cards})


async def _read_booking(booking: Booking, uow: UnitOfWork, database: MemoryDatabase) -> None:
    payments = await uow.payments.of_booking(booking.id)
    attempts = await uow.payments.attempts(booking.id)
    refunds = await uow.refunds.of_booking(booking.id)
    disputes = await uow.disputes.of_booking(booking.id)
    tasks = await uow.courier_tasks.of_booking(booking.id)
    documents = await uow.documents.of_booking(booking.id)
    entries = await uow.ledger.of_booking(booking.id)
    database.payments.publish({each.id: each for each in payments})
    database.attempts.publish({each.id: each for each in attempts})
    database.refunds.publish({each.id: each for each in refunds})
    database.disputes.publish({each.id: each for each in disputes})
    database.courier_tasks.publish({each.id: each for each in tasks})
    database.documents.publish({each.id: each for each in documents})
    database.ledger_entries.publish({each.id: each for each in entries})
    for payment in payments:
        reschedule = await uow.reschedules.of_payment(payment.id)
        if reschedule is not None:
            database.reschedules.publish({reschedule.id: reschedule})
