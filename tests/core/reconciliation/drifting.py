"""A house whose records are reconciled, and ways to make them drift apart from Stripe's."""

from datetime import timedelta
from typing import TypeVar

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.table import Table
from totetaxi_core.payments.payment import Payment
from totetaxi_core.reconciliation.drift import DriftKind, Outcome
from totetaxi_core.reconciliation.reconcile import Reconciliation, reconcile
from totetaxi_core.reconciliation.sweep import Span

RECENT = timedelta(days=3)
LONG_ENOUGH = timedelta(minutes=20)  # nothing of before is on its way any more

K = TypeVar("K")
V = TypeVar("V")


async def reconciled(
    house: MemoryHouse, *, repair: bool = False, after: timedelta = LONG_ENOUGH
) -> Reconciliation:
    """Let time pass, then reconcile the last three days."""
    now = house.clock.advance(after)
    span = Span(begin=now - RECENT, until=now)
    return await reconcile(span, house.ports, house.terms, repair=repair)


def outcomes(reconciliation: Reconciliation) -> list[tuple[DriftKind, Outcome]]:
    return [(one.drift.kind, one.outcome) for one in reconciliation.drifts]


async def named(house: MemoryHouse) -> list[DriftKind]:
    """Return the kinds of the drifts that a look without repair finds."""
    return [one.drift.kind for one in (await reconciled(house, after=timedelta(0))).drifts]


def plant(table: Table[K, V], key: K, row: V | None) -> None:
    """Put a row where no use case would; None takes it away."""
    table.publish({key: row})


def plant_payment(house: MemoryHouse, payment: Payment) -> None:
    plant(house.database.payments, payment.id, payment)
