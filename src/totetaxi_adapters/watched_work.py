"""Jobs as they are done: each is counted, timed, traced and logged, under the ids of its origin."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import structlog

from totetaxi_adapters.origin import at_work
from totetaxi_adapters.postgres.effect_origins import EffectOrigin, EffectOrigins
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.outbox.perform_effect import perform_effect
from totetaxi_core.refusal import DomainError

DONE: Final = "done"
REFUSED: Final = "refused"
SKIPPED: Final = "skipped"  # gone, done, resting or somebody else's
OUTCOMES: Final = {
    EffectState.DONE: DONE,
    EffectState.DUE: "retried",
    EffectState.FAILED: "failed",
    EffectState.WAITING: "waiting",
    None: SKIPPED,
}
TRIED_IN_VAIN: Final = frozenset({EffectState.DUE, EffectState.FAILED})
_LOG = structlog.get_logger(__name__)


async def do_effect(effect_id: UUID, wiring: Wiring, *, job_id: int | None) -> None:
    """Do an owed effect, as `perform_effect` tells."""
    origin = await EffectOrigins(wiring.engine).of(effect_id)
    if origin is None:
        return
    names = {"job_id": job_id, "effect_id": str(effect_id), "request_id": origin.request_id}
    with (
        at_work(**names, booking_id=origin.booking_id),
        wiring.spans.span(origin.kind, kind="consumer", parent=origin.traceparent) as span,
        wiring.meters.job(origin.kind) as outcome,
    ):
        try:
            state = await perform_effect(effect_id, wiring.ports, wiring.terms)
        except Exception as error:
            # The queue logs the traceback, by `job_id` alone.
            name = type(error).__name__
            _LOG.error("effect_performed", kind=origin.kind, outcome=outcome.value, code=name)
            raise
        outcome.value = OUTCOMES[state]
        span.note(outcome=outcome.value, **_known(origin))
        met = await _met(effect_id, wiring) if state in TRIED_IN_VAIN else {}
        _LOG.info("effect_performed", kind=origin.kind, outcome=outcome.value, **met)


async def do_upkeep(
    name: str, act: Callable[[], Awaitable[object]], wiring: Wiring, *, job_id: int | None
) -> str | None:
    """Do a round of a periodic task; return the code of one that was refused, which is logged."""
    code: str | None = None
    with (
        at_work(job_id=job_id),
        wiring.spans.span(name, kind="consumer") as span,
        wiring.meters.job(name) as outcome,
    ):
        try:
            await act()
            outcome.value = DONE
        except DomainError as error:
            outcome.value, code = REFUSED, error.code
            _LOG.warning("upkeep_refused", task=name, code=code)
        span.note(outcome=outcome.value)
    return code


async def _met(effect_id: UUID, wiring: Wiring) -> dict[str, str]:
    """Return the code of what kept an effect from being done; its words are kept, not logged."""
    async with wiring.ports.unit_of_work() as uow:
        effect = await uow.outbox.get(effect_id)
    error = effect.last_error if effect else None
    return {"code": error.partition(":")[0]} if error else {}


def _known(origin: EffectOrigin) -> dict[str, str]:
    names = {"booking_id": origin.booking_id, "request_id": origin.request_id}
    return {name: value for name, value in names.items() if value is not None}
