from datetime import timedelta

import pytest

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, an_effect
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.jobs import queue_of
from totetaxi_adapters.postgres.outbox import DueEffect
from totetaxi_adapters.worker import SLOTS
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect

JOBS = "SELECT queue_name, task_name, args->>'effect_id' FROM procrastinate_jobs ORDER BY id"
QUEUES = "SELECT queue_name FROM procrastinate_jobs"
LATER = NOW + timedelta(hours=1)


async def owe(uow_factory: PostgresUowFactory, *effects: OwedEffect, commits: bool = True) -> None:
    async with uow_factory() as uow:
        for effect in effects:
            await uow.outbox.owe(effect)
        if commits:
            await uow.commit()


async def sweep(uow_factory: PostgresUowFactory, *, after: timedelta = timedelta(hours=1)) -> int:
    async with uow_factory() as uow:
        deferred = await uow.outbox.defer_due(now=NOW + after, limit=100)
        await uow.commit()
    return deferred


def job_of(effect: OwedEffect) -> tuple[str, str, str]:
    return (queue_of(DueEffect(effect.kind, None)), "perform_effect", str(effect.id))


async def test_given_due_effects_when_committed_then_each_has_its_job(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    effects = (an_effect(), an_effect())

    await owe(uow_factory, *effects)

    assert fetch(database_url, JOBS) == [job_of(effect) for effect in effects]


@pytest.mark.parametrize(
    ("kind", "payload", "queue"),
    [
        (EffectKind.SEND_MESSAGE, {"message_kind": "receipt"}, "messages"),
        (EffectKind.DELIVER_MESSAGE, {"message_id": "1", "channel": "email"}, "mails"),
        (EffectKind.DELIVER_MESSAGE, {"message_id": "1", "channel": "sms"}, "texts"),
        (EffectKind.DELIVER_MESSAGE, {"message_id": "1"}, "mails"),
        (EffectKind.SETTLE_INTENT, {"intent_id": "pi_1"}, "providers"),
    ],
)
async def test_given_an_effect_when_owed_or_swept_then_its_job_is_in_a_queue_that_is_worked(
    uow_factory: PostgresUowFactory,
    database_url: str,
    *,
    kind: EffectKind,
    payload: dict[str, str],
    queue: str,
) -> None:
    await owe(uow_factory, an_effect(kind=kind, payload=payload))

    owed_in = fetch(database_url, QUEUES)
    fetch(database_url, "DELETE FROM procrastinate_jobs RETURNING 1")
    await sweep(uow_factory)

    assert owed_in == fetch(database_url, QUEUES) == [(queue,)]
    assert queue in SLOTS


async def test_given_a_due_effect_when_rolled_back_then_there_is_neither_effect_nor_job(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await owe(uow_factory, an_effect(), commits=False)

    assert fetch(database_url, JOBS) == []
    assert fetch(database_url, "SELECT count(*) FROM owed_effects") == [(0,)]


async def test_given_a_worker_that_stands_still_when_swept_often_then_jobs_do_not_pile_up(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)

    swept = [await sweep(uow_factory, after=timedelta(minutes=minute)) for minute in range(1, 20)]

    assert swept == [1] * 19
    assert fetch(database_url, JOBS) == [job_of(effect)] * 2


async def test_given_a_job_that_was_lost_when_swept_then_the_effect_gets_another(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)
    await sweep(uow_factory)
    fetch(database_url, "DELETE FROM procrastinate_jobs RETURNING 1")

    await sweep(uow_factory, after=timedelta(hours=2))

    assert fetch(database_url, JOBS) == [job_of(effect)]


async def test_given_two_sweeps_at_once_when_they_meet_then_an_effect_is_swept_by_one(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    effects = [an_effect() for _ in range(4)]
    await owe(uow_factory, *effects)
    fetch(database_url, "DELETE FROM procrastinate_jobs RETURNING 1")

    async with uow_factory() as first, uow_factory() as second:
        mine = await first.outbox.defer_due(now=LATER, limit=3)
        theirs = await second.outbox.defer_due(now=LATER, limit=3)
        await first.commit()
        await second.commit()

    assert (mine, theirs) == (3, 1)
    assert sorted(fetch(database_url, JOBS)) == sorted(job_of(effect) for effect in effects)
