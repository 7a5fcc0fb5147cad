"""What is written about a person, wherever it is, to be forgotten."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.traces import Person

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class MemoryTraces:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._addresses = View(database.saved_addresses, transaction)
        self._cards = View(database.payment_methods, transaction)
        self._resets = View(database.password_resets, transaction)
        self._registrations = View(database.registrations, transaction)
        self._sessions = View(database.sessions, transaction)
        self._messages = View(database.messages, transaction)
        self._refused = View(database.refused_addresses, transaction)
        self._documents = View(database.documents, transaction)
        self._tasks = View(database.courier_tasks, transaction)
        self._notes = View(database.booking_notes, transaction)
        self._idempotency = View(database.idempotency, transaction)
        self._acts = View(database.staff_acts, transaction)

    async def forget(self, person: Person) -> None:
        customer_id, bookings = person.customer_id, person.booking_ids
        _remove(self._addresses, lambda row: row.customer_id == customer_id)
        _remove(self._cards, lambda row: row.customer_id == customer_id)
        _remove(self._resets, lambda row: row.customer_id == customer_id)
        _remove(self._registrations, lambda row: row.email.lower() == person.email_key)
        _remove(self._sessions, lambda row: row.account_id == customer_id)
        _remove(
            self._messages,
            lambda row: row.to.lower() == person.email_key or row.booking_id in bookings,
        )
        _remove(
            self._refused,
            lambda row: row.address == person.email_key or row.booking_id in bookings,
        )
        _remove(self._documents, lambda row: row.booking_id in bookings)
        for task_id, task in self._tasks.items():
            if task.booking_id in bookings:
                self._tasks.put(task_id, task.forget())
        _remove(self._notes, lambda row: row.booking_id in bookings)
        _remove(self._idempotency, lambda row: row.booking_id in bookings)

    async def acts_about(self, person: Person) -> tuple[int, ...]:
        theirs = {person.customer_id} - {None}
        return tuple(
            sorted(
                row.link.position
                for row in self._acts.all()
                if row.link.salt is not None
                and (row.act.customer_id in theirs or row.act.booking_id in person.booking_ids)
            )
        )


def _remove(rows: View[K, V], is_theirs: Callable[[V], bool]) -> None:
    for key, row in rows.items():
        if is_theirs(row):
            rows.remove(key)
