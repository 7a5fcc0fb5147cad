from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import NOW, an_effect, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect, Standing

A_WHILE = timedelta(hours=1)
LEASE = timedelta(minutes=1)


async def owe(uow_factory: UowFactory, effect: OwedEffect) -> bool:
    async with uow_factory() as uow:
        is_new = await uow.outbox.owe(effect)
        await uow.commit()
    return is_new


async def save(uow_factory: UowFactory, effect: OwedEffect) -> None:
    async with uow_factory() as uow:
        await uow.outbox.save(effect)
        await uow.commit()


async def defer_due(uow_factory: UowFactory, after: timedelta, *, limit: int = 100) -> int:
    async with uow_factory() as uow:
        deferred = await uow.outbox.defer_due(now=NOW + after, limit=limit)
        await uow.commit()
    return deferred


async def backlog_of(uow_factory: UowFactory, *, now: datetime = NOW) -> Backlog:
    async with uow_factory() as uow:
        return await uow.outbox.backlog(now=now)


def leased(effect: OwedEffect, *, at: timedelta = timedelta(0)) -> OwedEffect:
    taken = effect.lease(at=NOW + at, until=NOW + at + LEASE)
    assert taken is not None
    return taken


async def test_given_an_effect_when_owed_then_it_is_found_equal(uow_factory: UowFactory) -> None:
    effect = an_effect(payload={"booking_id": str(an_id()), "kind": "receipt"})

    is_new = await owe(uow_factory, effect)

    assert is_new
    async with uow_factory() as uow:
        assert await uow.outbox.get(effect.id) == effect
        assert await uow.outbox.get(effect.id, lock=True) == effect
        assert await uow.outbox.get(an_id()) is None


async def test_given_the_same_cause_when_owed_again_then_it_changes_nothing(
    uow_factory: UowFactory,
) -> None:
    first = an_effect(cause="pi_1", payload={"intent_id": "pi_1"})
    second = an_effect(cause="pi_1", payload={"intent_id": "other"})
    await owe(uow_factory, first)

    is_new = await owe(uow_factory, second)

    assert not is_new
    async with uow_factory() as uow:
        assert await uow.outbox.get(first.id) == first
        assert await uow.outbox.get(second.id) is None


async def test_given_a_done_effect_when_its_cause_owes_again_then_it_stays_done(
    uow_factory: UowFactory,
) -> None:
    effect = an_effect(cause="pi_1")
    await owe(uow_factory, effect)
    await save(uow_factory, effect.done(at=NOW))

    is_new = await owe(uow_factory, an_effect(cause="pi_1"))

    assert not is_new
    async with uow_factory() as uow:
        assert await uow.outbox.get(effect.id) == effect.done(at=NOW)


async def test_given_the_same_cause_of_another_kind_when_owed_then_it_is_stored(
    uow_factory: UowFactory,
) -> None:
    await owe(uow_factory, an_effect(kind=EffectKind.SEND_REFUND, cause="1"))

    is_new = await owe(uow_factory, an_effect(kind=EffectKind.FOLLOW_REFUND, cause="1"))

    assert is_new


@pytest.mark.parametrize("commits", [True, False])
async def test_given_two_of_one_cause_at_once_when_the_first_ends_then_the_second_knows(
    uow_factory: UowFactory, *, commits: bool
) -> None:
    async with uow_factory() as uow:
        await uow.outbox.owe(an_effect(cause="pi_1"))
        waiting = await start_blocked(owe(uow_factory, an_effect(cause="pi_1")), by=uow)
        if commits:
            await uow.commit()

    is_new = await outcome(waiting)
    assert is_new is not commits


@pytest.mark.parametrize("step", ["leased", "retried", "failed", "done"])
async def test_given_an_effect_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory, step: str
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)
    changed = {
        "leased": leased(effect),
        "retried": leased(effect).retry("timed out: “x”", at=NOW),
        "failed": leased(effect).fail("card closed"),
        "done": leased(effect).done(at=NOW),
    }[step]

    await save(uow_factory, changed)

    async with uow_factory() as uow:
        assert await uow.outbox.get(effect.id) == changed


async def test_given_a_locked_effect_when_another_wants_it_then_it_gets_none_at_once(
    uow_factory: UowFactory,
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)

    async with uow_factory() as first, uow_factory() as second:
        mine = await first.outbox.get(effect.id, lock=True)
        theirs = await second.outbox.get(effect.id, lock=True)
        seen = await second.outbox.get(effect.id)
        await first.outbox.save(leased(effect))
        await first.commit()
        afterwards = await second.outbox.get(effect.id, lock=True)

    assert mine == seen == effect
    assert theirs is None
    assert afterwards == leased(effect)


async def test_given_a_due_effect_when_owed_then_it_has_its_job_already(
    uow_factory: UowFactory,
) -> None:
    await owe(uow_factory, an_effect())

    assert await defer_due(uow_factory, timedelta(0)) == 0


async def test_given_a_lost_job_when_a_while_has_passed_then_the_effect_gets_one_more(
    uow_factory: UowFactory,
) -> None:
    await owe(uow_factory, an_effect())

    first = await defer_due(uow_factory, A_WHILE)
    at_once_again = await defer_due(uow_factory, A_WHILE)

    assert (first, at_once_again) == (1, 0)


async def test_given_effects_not_to_be_tried_when_a_while_has_passed_then_none_gets_a_job(
    uow_factory: UowFactory,
) -> None:
    waiting = replace(an_effect(), state=EffectState.WAITING)
    future = replace(an_effect(), due_at=NOW + 2 * A_WHILE)
    running, done, failed = an_effect(), an_effect(), an_effect()
    for effect in (waiting, future, running, done, failed):
        await owe(uow_factory, effect)
    await save(uow_factory, leased(running, at=A_WHILE))
    await save(uow_factory, leased(done).done(at=NOW))
    await save(uow_factory, leased(failed).fail("refused"))

    assert await defer_due(uow_factory, A_WHILE) == 0


async def test_given_a_lease_that_ran_out_when_deferred_then_the_effect_gets_a_job(
    uow_factory: UowFactory,
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)
    await save(uow_factory, leased(effect))

    during = await defer_due(uow_factory, LEASE - timedelta(seconds=1))
    after = await defer_due(uow_factory, A_WHILE)

    assert (during, after) == (0, 1)


async def test_given_a_retry_when_its_time_comes_then_the_effect_gets_a_job_at_once(
    uow_factory: UowFactory,
) -> None:
    effect = an_effect()
    await owe(uow_factory, effect)
    await save(uow_factory, leased(effect).retry("timed out", at=NOW))

    too_early = await defer_due(uow_factory, timedelta(seconds=4))
    in_time = await defer_due(uow_factory, timedelta(seconds=5))
    again = await defer_due(uow_factory, timedelta(seconds=6))

    assert (too_early, in_time, again) == (0, 1, 0)


async def test_given_an_effect_that_waited_when_it_becomes_due_then_it_can_get_a_job(
    uow_factory: UowFactory,
) -> None:
    effect = replace(an_effect(), state=EffectState.WAITING)
    await owe(uow_factory, effect)
    await save(uow_factory, replace(effect, state=EffectState.DUE))

    assert await defer_due(uow_factory, A_WHILE) == 1


async def test_given_more_due_than_the_limit_when_deferred_then_the_rest_comes_next(
    uow_factory: UowFactory,
) -> None:
    for minutes in range(5):
        await owe(uow_factory, an_effect(at=NOW - timedelta(minutes=minutes)))

    rounds = [await defer_due(uow_factory, A_WHILE, limit=2) for _ in range(4)]

    assert rounds == [2, 2, 1, 0]


async def test_given_a_limit_when_deferred_then_the_longest_due_get_their_jobs_first(
    uow_factory: UowFactory,
) -> None:
    effects = [an_effect(at=NOW - timedelta(minutes=minutes)) for minutes in (1, 3, 0, 2)]
    for effect in effects:
        await owe(uow_factory, effect)

    await defer_due(uow_factory, A_WHILE, limit=2)
    for effect in (effects[1], effects[3]):
        await save(uow_factory, leased(effect).done(at=NOW))

    assert await defer_due(uow_factory, A_WHILE, limit=10) == 2


async def test_given_a_deferral_rolled_back_when_deferred_again_then_it_counts_again(
    uow_factory: UowFactory,
) -> None:
    await owe(uow_factory, an_effect())

    async with uow_factory() as uow:
        undone = await uow.outbox.defer_due(now=NOW + A_WHILE, limit=10)
    again = await defer_due(uow_factory, A_WHILE)

    assert (undone, again) == (1, 1)


async def test_given_effects_of_every_state_when_counted_then_the_done_ones_are_left_out(
    uow_factory: UowFactory,
) -> None:
    first, second, over, begun = an_effect(), an_effect(), an_effect(), an_effect()
    resting = replace(an_effect(), state=EffectState.WAITING)
    for effect in (first, second, resting, over, begun):
        await owe(uow_factory, effect)
    await save(uow_factory, leased(first).retry("silent", at=NOW))
    await save(uow_factory, leased(second).fail("hopeless"))
    await save(uow_factory, leased(over).done(at=NOW))
    await save(uow_factory, leased(begun))

    backlog = await backlog_of(uow_factory)

    assert backlog.counts == dict.fromkeys(Standing, 1) | {Standing.LATER: 0}
    assert backlog.due_since == NOW


async def test_given_a_reminder_of_next_month_when_counted_then_it_is_due_once_its_time_has_come(
    uow_factory: UowFactory,
) -> None:
    time = NOW + timedelta(days=30)
    await owe(uow_factory, replace(an_effect(), due_at=time))

    ahead = await backlog_of(uow_factory, now=time - timedelta(seconds=1))
    come = await backlog_of(uow_factory, now=time)

    nothing = dict.fromkeys(Standing, 0)
    assert (ahead.counts, ahead.due_since) == (nothing | {Standing.LATER: 1}, None)
    assert (come.counts, come.due_since) == (nothing | {Standing.DUE: 1}, time)


async def test_given_an_effect_tried_in_vain_when_counted_then_it_is_retrying_before_its_next_try(
    uow_factory: UowFactory,
) -> None:
    effect = leased(an_effect()).retry("silent", at=NOW)
    await owe(uow_factory, effect)

    before = await backlog_of(uow_factory)
    overdue = await backlog_of(uow_factory, now=effect.due_at + A_WHILE)

    assert before.counts == overdue.counts == dict.fromkeys(Standing, 0) | {Standing.RETRYING: 1}
    assert (before.due_since, overdue.due_since) == (None, effect.due_at)


async def test_given_effects_tried_in_vain_when_counted_then_those_of_over_five_minutes_fail(
    uow_factory: UowFactory,
) -> None:
    times_tried = {EffectKind.SEND_REFUND: 6, EffectKind.SYNC_COURIER_TASK: 7}
    given_up = replace(an_effect(), state=EffectState.FAILED, attempts=9)
    done = replace(an_effect(), state=EffectState.DONE, done_at=NOW, attempts=9)
    trying = [replace(an_effect(), kind=kind, attempts=n) for kind, n in times_tried.items()]
    for effect in (*trying, given_up, done):
        await owe(uow_factory, effect)

    failing = (await backlog_of(uow_factory)).failing

    assert failing == dict.fromkeys(EffectKind, 0) | {EffectKind.SYNC_COURIER_TASK: 1}


async def test_given_nothing_owed_when_counted_then_nothing_is_due(
    uow_factory: UowFactory,
) -> None:
    backlog = await backlog_of(uow_factory)

    assert set(backlog.counts.values()) == {0}
    assert backlog.due_since is None


async def test_given_effects_in_every_state_when_asked_for_trouble_then_what_needs_a_look_is_told(
    uow_factory: UowFactory,
) -> None:
    resting = replace(an_effect(), state=EffectState.WAITING)
    fresh, late, done = an_effect(), an_effect(at=NOW - A_WHILE), an_effect()
    again = leased(an_effect(at=NOW - A_WHILE / 2)).retry("it did not answer", at=NOW)
    failed = an_effect(at=NOW - A_WHILE / 4).fail("it never will")
    for effect in (resting, fresh, late, done, again, failed):
        await owe(uow_factory, effect)
    await save(uow_factory, leased(done).done(at=NOW))

    async with uow_factory() as uow:
        told = await uow.outbox.troubled(due_before=NOW, limit=10)
        first = await uow.outbox.troubled(due_before=NOW, limit=1)

    assert told == (late, again, failed)
    assert first == (late,)


async def test_given_effects_that_rest_when_asked_for_then_those_of_the_kinds_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    create, move = EffectKind.CREATE_COURIER_TASKS, EffectKind.RESCHEDULE_COURIER_TASKS
    resting = [
        replace(an_effect(kind=kind, at=NOW + late), state=EffectState.WAITING)
        for kind, late in ((move, timedelta(hours=1)), (create, timedelta(0)))
    ]
    other = replace(an_effect(), state=EffectState.WAITING)
    due = an_effect(kind=create)
    async with uow_factory() as uow:
        for effect in (*resting, other, due):
            await uow.outbox.owe(effect)
        await uow.commit()

    async with uow_factory() as uow:
        found = await uow.outbox.resting((create, move), limit=9)
        [first] = await uow.outbox.resting((create, move), limit=1)
        async with uow_factory() as another:
            held = await another.outbox.resting((create, move), limit=9)
        await uow.outbox.save(first.wake(at=NOW))
        await uow.commit()

    async with uow_factory() as uow:
        woken = await uow.outbox.get(first.id)
        left = await uow.outbox.resting((create, move), limit=9)
    assert [effect.id for effect in found] == [effect.id for effect in reversed(resting)]
    assert first.id == resting[1].id
    assert held == ()
    assert woken is not None
    assert woken.state is EffectState.DUE
    assert [effect.id for effect in left] == [resting[0].id]
