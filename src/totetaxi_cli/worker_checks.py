"""The doctor's look at the worker: is it alive, when did each of its tasks last run, what waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from totetaxi_adapters.health import HEALTHY, SILENT_AFTER, ServiceHealth, check_health
from totetaxi_adapters.wiring import Wiring
from totetaxi_adapters.worker import SCHEDULE, SCHEDULER, WORKER
from totetaxi_cli.elapsed import spoken
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.outbox.owed_effect import Standing
from totetaxi_core.retention.retention_terms import PERSONS

OVERDUE = timedelta(minutes=5)
UNERASED = timedelta(days=1)  # the worker looks every hour
LONG = timedelta(minutes=5)  # nobody waits for its first round
ADVICE = "start `totetaxi serve` or `totetaxi worker`"
IN_VAIN = (
    "mend what it names, see `upkeep_refused` or a traceback in the worker's log; the next round"
    " tries again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Of the periodic tasks, by name: when one last ended, and what the last one met, if aught."""

    ends: Mapping[str, datetime]
    errors: Mapping[str, str]


async def check_worker(wiring: Wiring) -> list[HealthCheck]:
    """Tell of the last signs of life; outside production nobody need be working just now."""
    health = await check_health(wiring)
    rounds = Rounds(ends=await wiring.heartbeats.all(), errors=await wiring.heartbeats.errors())
    is_production = wiring.settings.is_production
    return [
        *_signs_of_life(health, is_production=is_production),
        *_check_rounds(rounds, now=health.checked_at, is_production=is_production),
    ]


def _signs_of_life(health: ServiceHealth, *, is_production: bool) -> Iterator[HealthCheck]:
    blame = failed if is_production else warned
    for name in (WORKER, SCHEDULER):
        state = health.services[name].removeprefix("unhealthy: ")
        beat = health.heartbeats[name]
        if state == HEALTHY and beat is not None:
            yield passed(name, f"last sign of life {spoken(health.checked_at - beat)} ago")
        else:
            yield blame(name, state, advice=ADVICE)


def _check_rounds(rounds: Rounds, *, now: datetime, is_production: bool) -> Iterator[HealthCheck]:
    """Tell of each periodic task when a round of it last ended, and whether that was in vain.

    One that never ran is no failure, and one of a long rhythm has its time after the first start.
    """
    blame = failed if is_production else warned
    for task, rhythm in SCHEDULE.items():
        expected = f"expected every {spoken(rhythm.pause)}"
        end, error = rounds.ends.get(task), rounds.errors.get(task)
        if end is None and rhythm.pause >= LONG:
            yield passed(task, f"has not run yet: {expected}")
        elif end is None:
            yield warned(task, f"has never run: {expected}", advice=ADVICE)
        elif now - end > 2 * rhythm.pause + SILENT_AFTER:
            since = f"{end:%Y-%m-%d %H:%M} UTC ({spoken(now - end)})"
            last = f"; the last round met {error}" if error else ""
            yield blame(task, f"has not run since {since}: {expected}{last}", advice=ADVICE)
        elif error is not None:
            says = f"last ran {spoken(now - end)} ago; the last round met {error}"
            yield warned(task, says, advice=IN_VAIN)
        else:
            yield passed(task, f"last ran {spoken(now - end)} ago")


async def check_outbox(wiring: Wiring) -> HealthCheck:
    """Tell of what is owed: mails, refunds, courier tasks, looks at Stripe."""
    now = wiring.ports.clock()
    async with wiring.ports.unit_of_work() as uow:
        return _judge(await uow.outbox.backlog(now=now), now=now)


async def check_retention(wiring: Wiring) -> HealthCheck:
    """Tell of bookings whose person should have gone long ago, with the time they are kept."""
    terms, asked_at = wiring.terms.retention, wiring.ports.clock() - UNERASED
    async with wiring.ports.unit_of_work() as uow:
        late = sum(
            [
                await uow.kept.count(kind, before=terms.before(kind, now=asked_at))
                for kind in PERSONS
            ]
        )
    if late:
        says = f"bookings over {spoken(UNERASED)} beyond their time: {late:,}"
        advice = "`totetaxi retention run --yes --as NAME` does it now, or says what is in the way"
        return warned("retention", says, advice=advice)
    return passed("retention", "no booking is kept beyond its time")


def _judge(backlog: Backlog, *, now: datetime) -> HealthCheck:
    counts = ", ".join(f"{number} {standing}" for standing, number in backlog.counts.items())
    since = backlog.due_since
    if since is not None:
        counts += f"; due since {since:%Y-%m-%d %H:%M} UTC ({spoken(now - since)})"
    if backlog.counts[Standing.FAILED]:
        advice = "see `totetaxi jobs list`, then `totetaxi jobs retry`"
        return failed("outbox", counts, advice=advice)
    if failing := {kind: number for kind, number in backlog.failing.items() if number}:
        of_each = ", ".join(f"{number} {kind}" for kind, number in failing.items())
        advice = (
            "`totetaxi jobs list` has the last error of each; they are tried again by themselves"
        )
        return warned("outbox", f"{counts}; failing for minutes: {of_each}", advice=advice)
    if since is not None and now - since > OVERDUE:
        advice = "see that a worker runs; `totetaxi jobs list` tells what is in the way"
        return warned("outbox", counts, advice=advice)
    return passed("outbox", counts)
