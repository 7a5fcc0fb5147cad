from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.builders import NOW, an_effect
from totetaxi_core.ids import IdSource
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.owing import owed

LEASE_END = NOW + timedelta(seconds=45)
INSTANT = timedelta(microseconds=1)


def leased(effect: OwedEffect) -> OwedEffect:
    taken = effect.lease(at=NOW, until=LEASE_END)
    assert taken is not None
    return taken


def test_given_a_due_effect_when_leased_then_it_is_ours_until_the_lease_runs_out() -> None:
    effect = an_effect()

    first = leased(effect)
    second = first.lease(at=LEASE_END - INSTANT, until=LEASE_END)
    third = first.lease(at=LEASE_END, until=LEASE_END + timedelta(seconds=45))

    assert (first.attempts, first.leased_until) == (1, LEASE_END)
    assert second is None
    assert third is not None
    assert third.attempts == 2


@pytest.mark.parametrize("state", [EffectState.DONE, EffectState.FAILED, EffectState.WAITING])
def test_given_an_effect_that_is_not_due_when_leased_then_it_is_left_alone(
    state: EffectState,
) -> None:
    effect = replace(an_effect(), state=state)

    assert effect.lease(at=NOW, until=LEASE_END) is None


def test_given_an_effect_due_later_when_leased_then_only_from_that_instant() -> None:
    effect = an_effect(at=NOW + timedelta(seconds=5))

    assert effect.lease(at=NOW + timedelta(seconds=5) - INSTANT, until=LEASE_END) is None
    assert effect.lease(at=NOW + timedelta(seconds=5), until=LEASE_END) is not None


def test_given_failures_when_retried_then_the_pause_doubles_up_to_ten_minutes() -> None:
    effect, pauses = an_effect(), []

    for _ in range(12):
        at = effect.due_at
        taken = effect.lease(at=at, until=at + timedelta(seconds=45))
        assert taken is not None
        effect = taken.retry("payment_unavailable: silence", at=at)
        pauses.append((effect.due_at - at).total_seconds())

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600]
    assert effect.state is EffectState.DUE
    assert effect.leased_until is None
    assert effect.last_error == "payment_unavailable: silence"


def test_given_failures_when_retried_then_it_is_failing_once_they_last_five_minutes() -> None:
    effect, failing = an_effect(), {}

    for _ in range(9):
        at = effect.due_at
        taken = effect.lease(at=at, until=at + timedelta(seconds=45))
        assert taken is not None
        effect = taken.retry("courier_unavailable: silence", at=at)
        failing[at - NOW] = effect.is_failing

    assert failing == {since: since > timedelta(minutes=5) for since in failing}
    assert not effect.done(at=NOW).is_failing
    assert not effect.fail("hopeless").is_failing


def test_given_a_thousand_failures_when_retried_then_the_pause_is_still_ten_minutes() -> None:
    effect = replace(an_effect(), attempts=1_000)

    retried = effect.retry("x" * 10_000, at=NOW)

    assert retried.due_at == NOW + timedelta(minutes=10)
    assert retried.last_error == "x" * 500


def test_given_a_retried_effect_when_done_then_its_error_is_forgotten() -> None:
    effect = leased(an_effect()).retry("silence", at=NOW)

    done = effect.done(at=LEASE_END)

    assert (done.state, done.done_at) == (EffectState.DONE, LEASE_END)
    assert (done.last_error, done.leased_until) == (None, None)


def test_given_an_effect_when_given_up_then_it_failed_with_its_error() -> None:
    failed = leased(an_effect()).fail("no such card" * 100)

    assert failed.state is EffectState.FAILED
    assert failed.leased_until is None
    assert failed.last_error == ("no such card" * 100)[:500]


def test_given_one_cause_when_owed_for_two_kinds_then_the_causes_differ() -> None:
    ids = IdSource(Random(1))  # noqa: S311  no secret
    kinds = (EffectKind.SETTLE_INTENT, EffectKind.FOLLOW_REFUND)

    effects = [owed(ids, kind, "evt_1", at=NOW, payload={}) for kind in kinds]

    assert [effect.cause for effect in effects] == ["settle_intent:evt_1", "follow_refund:evt_1"]
    assert len({effect.id for effect in effects}) == 2
    assert all(effect.due_at == effect.created_at == NOW for effect in effects)
