"""Reconcile: hold our records against Stripe's, name what differs, and mend what can be.

Source: docs/reconciliation.md.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from totetaxi_core.payments.check_payments import is_outage
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import Drift, Outcome, ReconciledDrift
from totetaxi_core.reconciliation.look import Suspect, TermsByVersion, look_at
from totetaxi_core.reconciliation.repair import repair_drift
from totetaxi_core.reconciliation.sweep import DAY, Span, Sweep
from totetaxi_core.refusal import DomainError

MAX_TRIES: Final = 2
MAX_ROUNDS: Final = 4  # a repair may bring the next drift to light: a second payment, a refund
STILL_THERE: Final = "its repair was done and it is still there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Days done of all, and how many bookings' records were compared so far."""

    days_done: int
    days: int
    compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Every drift found, in the order of finding. `compared` counts looks at bookings' records."""

    drifts: tuple[ReconciledDrift, ...]
    compared: int

    @property
    def unmended(self) -> tuple[ReconciledDrift, ...]:
        return tuple(one for one in self.drifts if not one.is_mended)


def _ignore(_: Progress) -> None:
    """Report to nobody."""


async def reconcile(
    span: Span,
    ports: Ports,
    terms: Terms,
    *,
    repair: bool,
    also: Collection[UUID] = (),
    on_progress: Callable[[Progress], None] = _ignore,
) -> Reconciliation:
    """Compare what Stripe and we made, and what we changed, in the span, and all unfinished.

    The bookings in `also` are looked at whatever the span.

    It may be stopped at any point, and run again: each repair is a use case that looks before it
    writes, in a transaction of its own.

    Raises:
        PaymentUnavailableError: Stripe does not answer; what was mended by then is mended.
    """
    by_version = TermsByVersion()
    sweep = Sweep(ports, by_version)
    closely = _Closely(ports, terms, by_version, repair=repair)
    # Nothing is of the future, but for what a clock that runs ahead of ours has dated.
    days = Span(begin=span.begin, until=min(span.until, ports.clock() + DAY)).days()
    for number, day in enumerate(days):
        on_progress(Progress(days_done=number, days=len(days), compared=sweep.compared))
        async for suspect in sweep.of_day(day):
            await closely.take(suspect)
    async for suspect in sweep.unfinished(before=span.begin):
        await closely.take(suspect)
    for booking_id in also:
        await closely.take(Suspect(booking_id))
    on_progress(Progress(days_done=len(days), days=len(days), compared=sweep.compared))
    return Reconciliation(drifts=tuple(closely.found.values()), compared=sweep.compared)


class _Closely:
    """Looks at suspects one by one, mends what may be mended, and keeps what was found."""

    def __init__(
        self, ports: Ports, terms: Terms, by_version: TermsByVersion, *, repair: bool
    ) -> None:
        self._ports, self._terms, self._by_version = ports, terms, by_version
        self._repair = repair
        self._taken: dict[UUID, frozenset[str]] = {}
        self.found: dict[str, ReconciledDrift] = {}

    async def take(self, suspect: Suspect) -> None:
        """Look at a booking, once for the same intents, and keep its drifts with what became."""
        taken = self._taken.get(suspect.booking_id)
        if taken is not None and suspect.intent_ids <= taken:
            return
        self._taken[suspect.booking_id] = suspect.intent_ids | (taken or frozenset())
        tried: dict[str, _Try] = {}
        for _ in range(MAX_ROUNDS):
            drifts = await look_at(suspect, self._ports, self._by_version)
            todo = [one for one in drifts if self._repair and _may_be_tried(one, tried)]
            if not todo:
                break
            for drift in todo:
                number = tried[drift.key].number + 1 if drift.key in tried else 1
                tried[drift.key] = _Try(drift, number, await self._refusal(drift))
        self._keep(drifts, tried)

    async def _refusal(self, drift: Drift) -> str | None:
        """Repair it; return why the use case refused, None if it did not."""
        try:
            await repair_drift(drift, self._ports, self._terms)
        except DomainError as error:
            if is_outage(error):
                raise
            return f"{error.code}: {error}"
        return None

    def _keep(self, left: tuple[Drift, ...], tried: Mapping[str, "_Try"]) -> None:
        for drift in left:
            outcome, note = Outcome.LEFT, drift.left_because
            if drift.key in tried:
                outcome, note = Outcome.FAILED, tried[drift.key].refusal or STILL_THERE
            elif drift.repair is not None:
                outcome = Outcome.REPAIRABLE
            self.found[drift.key] = ReconciledDrift(drift=drift, outcome=outcome, note=note)
        mended = tried.keys() - {drift.key for drift in left}
        for key in sorted(mended):
            self.found[key] = ReconciledDrift(drift=tried[key].drift, outcome=Outcome.REPAIRED)


class _Try(NamedTuple):
    """The latest try to repair a drift; `refusal` says why the use case would not."""

    drift: Drift
    number: int
    refusal: str | None


def _may_be_tried(drift: Drift, tried: Mapping[str, _Try]) -> bool:
    """Tell whether to repair it now: once more after a refusal, for what stood in its way."""
    before = tried.get(drift.key)
    if drift.repair is None:
        return False
    return before is None or (before.refusal is not None and before.number < MAX_TRIES)
