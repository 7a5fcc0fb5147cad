"""The application's own comparison with the provider, asked once all have come to rest."""

from datetime import datetime, timedelta

from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import DriftKind
from totetaxi_core.reconciliation.drive_drifts import DELETED_THERE, NOT_OVER, UNDER_WAY
from totetaxi_core.reconciliation.reconcile import reconcile
from totetaxi_core.reconciliation.reconcile_drives import reconcile_drives
from totetaxi_core.reconciliation.sweep import Span

MARGIN = timedelta(hours=1)
FOR_A_PERSON = frozenset({DriftKind.CANCELLED_YET_KEPT_MONEY, DriftKind.TWO_SUCCESSES})

LEFT_TO_DISPATCHERS = frozenset({UNDER_WAY, NOT_OVER, DELETED_THERE})


async def drifts_left(ports: Ports, terms: Terms, *, since: datetime) -> tuple[str, ...]:
    """Return what reconciling finds from an instant on, mending nothing.

    A refund that failed for good is a person's to ask for again. What is kept for want of it is no
    fault here; that it was owed once, `refunds` and `charges` see to. Nor is what only dispatchers
    can decide, who were told.
    """
    span = Span(begin=since - MARGIN, until=ports.clock() + MARGIN)
    money = (await reconcile(span, ports, terms, repair=False)).drifts
    drives = await reconcile_drives(span, ports, terms, repair=False)
    return tuple(
        f"{each.drift.booking_number}: {each.drift.kind}, {each.drift.detail}"
        for each in (*money, *drives)
        if each.drift.kind not in FOR_A_PERSON and each.note not in LEFT_TO_DISPATCHERS
    )
