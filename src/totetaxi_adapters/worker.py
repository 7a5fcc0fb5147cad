"""The worker: does what is owed, and looks after holds, payments and its own queue."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import procrastinate
import structlog
from procrastinate import JobContext
from procrastinate.jobs import Job, Status

from totetaxi_adapters.event_delivery import keep_delivering
from totetaxi_adapters.jobs import (
    MAILS_QUEUE,
    MESSAGES_QUEUE,
    PERFORM_EFFECT,
    PROVIDERS_QUEUE,
    TEXTS_QUEUE,
)
from totetaxi_adapters.watched_work import do_effect, do_upkeep
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.documents.sweep_uploads import sweep_uploads
from totetaxi_core.logistics.check_tasks import check_tasks
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.reconciliation.keep_watch import keep_watch
from totetaxi_core.refusal import DomainError
from totetaxi_core.retention.sweep_kept import BookingsNotErasedError, Swept, sweep_all

WORKER: Final = "worker"
SCHEDULER: Final = "scheduler"
BATCH: Final = 200
ROUND: Final = 500  # of a kind, after which what went past its time goes on record
PAYMENT_PAUSE: Final = timedelta(seconds=15)
STALLED_AFTER_S: Final = 25
RESTART_S: Final = 2
GRACE_S: Final = 14
UPKEEP_QUEUE: Final = "upkeep"
SLOTS: Final = {
    UPKEEP_QUEUE: 9,
    MESSAGES_QUEUE: 2,
    MAILS_QUEUE: 4,
    TEXTS_QUEUE: 2,
    PROVIDERS_QUEUE: 8,
}
_LOG = structlog.get_logger(__name__)


class Rhythm(NamedTuple):
    """How often a periodic task runs: for the scheduler, and for whoever looks whether it did."""

    cron: str
    pause: timedelta


EVERY_10_S: Final = Rhythm("* * * * * */10", timedelta(seconds=10))
EVERY_20_S: Final = Rhythm("* * * * * */20", timedelta(seconds=20))
EVERY_MINUTE: Final = Rhythm("* * * * *", timedelta(minutes=1))
EVERY_5_MIN: Final = Rhythm("*/5 * * * *", timedelta(minutes=5))
EVERY_HOUR: Final = Rhythm("7 * * * *", timedelta(hours=1))
# Every periodic task by name. The end of each round is kept as a heartbeat of that name.
SCHEDULE: Final = {
    "expire_holds": EVERY_20_S,
    "check_payments": EVERY_10_S,
    "check_tasks": EVERY_MINUTE,
    "sweep_effects": EVERY_10_S,
    "beat": EVERY_10_S,
    "forget": EVERY_HOUR,
    "sweep_uploads": EVERY_HOUR,
    "reconcile": EVERY_5_MIN,
}


@asynccontextmanager
async def working(wiring: Wiring, stop: asyncio.Event | None = None) -> AsyncIterator[None]:
    """Work in the background for as long as it is open; on leaving, finish the jobs at hand.

    Whoever sets `stop` has it finish them sooner, beside what else ends then.
    """
    stop = stop or asyncio.Event()
    task = asyncio.create_task(work(wiring, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def work(wiring: Wiring, stop: asyncio.Event) -> None:
    """Work until told to stop. When the database goes away, begin again once it is back."""
    register_tasks(wiring)
    while not stop.is_set():
        try:
            await _work_once(wiring, stop)
        except Exception as error:  # noqa: BLE001  whatever it was, work goes on
            _LOG.exception("worker_interrupted", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RESTART_S)


async def _work_once(wiring: Wiring, stop: asyncio.Event) -> None:
    app = wiring.jobs
    async with app.open_async():
        workers = [_worker(app, queue, slots=slots) for queue, slots in SLOTS.items()]
        events = keep_delivering(wiring.ports, wiring.terms)
        loops = [*workers, _sweep_stalled(app), events, stop.wait()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end


async def _worker(app: procrastinate.App, queue: str, *, slots: int) -> None:
    """Work one queue. Each has slots of its own: a silent Stripe holds up neither mail nor beat."""
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=slots,
        fetch_job_polling_interval=1.0,
        shutdown_graceful_timeout=GRACE_S,
        delete_jobs="always",  # what failed stands in owed_effects, with its error
        install_signal_handlers=False,
    )


async def _sweep_stalled(app: procrastinate.App) -> None:
    """Give back the jobs of workers that died.

    A loop of its own and not a job: a job that is killed itself could not be its own rescue.
    """
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=STALLED_AFTER_S
            )
            for job in stalled:
                await _give_back(app, job)
        except procrastinate.exceptions.ConnectorException as error:
            _LOG.warning("stalled_jobs_not_swept", error=type(error).__name__)
        await asyncio.sleep(STALLED_AFTER_S / 2)


async def _give_back(app: procrastinate.App, job: Job) -> None:
    """Let an effect's job run again; drop one of upkeep, whose next round comes anyway."""
    if job.queue == UPKEEP_QUEUE and job.id is not None:
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
    else:
        await app.job_manager.retry_job(job)


def register_tasks(wiring: Wiring) -> None:
    """Teach the job app what each task does."""
    app, ports, terms = wiring.jobs, wiring.ports, wiring.terms

    @app.task(name=PERFORM_EFFECT, queue=PROVIDERS_QUEUE, pass_context=True)
    async def perform(context: JobContext, effect_id: str) -> None:
        await do_effect(UUID(effect_id), wiring, job_id=context.job.id)

    async def expire(_: int) -> object:
        return await expire_holds(ports, terms, limit=BATCH)

    async def check(_: int) -> object:
        return await check_payments(ports, terms, pause=PAYMENT_PAUSE, limit=BATCH)

    async def drives(_: int) -> object:
        return await check_tasks(ports, terms, limit=BATCH)

    async def sweep(_: int) -> object:
        async with ports.unit_of_work() as uow:
            deferred = await uow.outbox.defer_due(now=ports.clock(), limit=BATCH)
            await uow.commit()
        return deferred

    async def beat(timestamp: int) -> None:
        await wiring.heartbeats.beat(SCHEDULER, at=datetime.fromtimestamp(timestamp, UTC))
        await wiring.heartbeats.beat(WORKER, at=datetime.now(UTC))

    async def forget(_: int) -> object:
        await wiring.rate_limiter.forget_ended()
        return await _let_go(wiring)

    async def sweep_files(_: int) -> object:
        return await sweep_uploads(ports, limit=BATCH)

    async def watch(_: int) -> object:
        return await keep_watch(ports, terms)

    _upkeep(wiring, "expire_holds", expire)
    _upkeep(wiring, "check_payments", check)
    _upkeep(wiring, "check_tasks", drives)
    _upkeep(wiring, "sweep_effects", sweep)
    _upkeep(wiring, "beat", beat)
    _upkeep(wiring, "forget", forget)
    _upkeep(wiring, "sweep_uploads", sweep_files)
    _upkeep(wiring, "reconcile", watch)


async def _let_go(wiring: Wiring) -> Swept:
    """Sweep what is past its time, and log each booking that could not be erased.

    Raises:
        BookingsNotErasedError: there were such.
    """
    swept = await sweep_all(wiring.ports, wiring.terms, limit=BATCH, most=ROUND)
    for booking_id, code in swept.left.items():
        _LOG.error("booking_not_erased", booking_id=str(booking_id), code=code)
    if swept.left:
        raise BookingsNotErasedError(swept.left)
    return swept


def _upkeep(wiring: Wiring, name: str, act: Callable[[int], Awaitable[object]]) -> None:
    """Register a periodic task: one waits at a time, and a round that lasts is not joined.

    No lock of the queue's for that: one that a killed worker held would keep all others out.
    """
    app, running = wiring.jobs, asyncio.Lock()

    @app.periodic(cron=SCHEDULE[name].cron)
    @app.task(name=name, queue=UPKEEP_QUEUE, queueing_lock=name, pass_context=True)
    async def run(context: JobContext, timestamp: int) -> None:
        if running.locked():
            return
        async with running:
            async with _kept_if_broken_off(wiring, name):
                code = await do_upkeep(name, lambda: act(timestamp), wiring, job_id=context.job.id)
            await _keep(name, wiring.heartbeats.beat(name, at=datetime.now(UTC), error=code))


@asynccontextmanager
async def _kept_if_broken_off(wiring: Wiring, name: str) -> AsyncIterator[None]:
    """Keep what a round broke off with. No sign of life: that no round ends is to be noticed."""
    try:
        yield
    except Exception as error:
        await _keep(name, wiring.heartbeats.break_off(name, error=type(error).__name__))
        raise


async def _keep(name: str, storing: Awaitable[None]) -> None:
    """Have it known how a round went, or log that it is not."""
    try:
        await storing
    except DomainError as error:
        _LOG.warning("round_not_kept", task=name, code=error.code)
