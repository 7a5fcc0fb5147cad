"""Reconcile the last days, mend what can be, and hand the rest to staff: the periodic look.

Source: docs/reconciliation.md, "Every five minutes".
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import (
    DRIVE_KINDS,
    MONEY_KINDS,
    DriftKind,
    ReconciledDrift,
)
from totetaxi_core.reconciliation.reconcile import Reconciliation, reconcile
from totetaxi_core.reconciliation.reconcile_drives import reconcile_drives
from totetaxi_core.reconciliation.sweep import Span

RECENT: Final = timedelta(days=3)  # longer than Stripe tries to deliver an event


async def keep_watch(ports: Ports, terms: Terms) -> Reconciliation:
    """Mend what drifted apart; what is left is shown, and owes staff one letter per drift.

    Raises:
        PaymentUnavailableError: Stripe does not answer; what was shown before stays.
        CourierUnavailableError, CourierMisconfiguredError: the courier does not; what was shown
            before of drives stays, and money is done.
    """
    now = ports.clock()
    span = Span(begin=now - RECENT, until=now)
    async with ports.unit_of_work() as uow:
        open_before = await uow.open_drifts.bookings()
    reconciliation = await reconcile(span, ports, terms, repair=True, also=open_before)
    await _show(reconciliation.unmended, MONEY_KINDS, ports, at=now)
    drives = await reconcile_drives(span, ports, terms, repair=True, also=open_before)
    await _show([one for one in drives if not one.is_mended], DRIVE_KINDS, ports, at=now)
    return replace(reconciliation, drifts=(*reconciliation.drifts, *drives))


async def _show(
    left: Sequence[ReconciledDrift], kinds: Collection[DriftKind], ports: Ports, *, at: datetime
) -> None:
    async with ports.unit_of_work() as uow:
        await uow.open_drifts.replace([one.drift for one in left], kinds=kinds, at=at)
        for one in left:
            await uow.outbox.owe(_letter(one, ports.ids, at=at))
        await uow.commit()


def _letter(found: ReconciledDrift, ids: IdSource, *, at: datetime) -> OwedEffect:
    """Return the message to staff, owed once for this drift, however often it is found."""
    drift = found.drift
    facts = {
        "message_kind": MessageKind.DRIFT_FOUND,
        "drift": drift.kind,
        "booking_id": str(drift.booking_id) if drift.booking_id else None,
        "booking_number": drift.booking_number,
        "detail": drift.detail,
        "note": found.note,
    }
    payload = {name: str(fact) for name, fact in facts.items() if fact is not None}
    return owed(ids, EffectKind.SEND_MESSAGE, f"drift:{drift.key}", at=at, payload=payload)
