import asyncio
from datetime import timedelta

import pytest

from tests.builders import an_effect, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.perform_effect import LEASE, perform_effect


async def owe(house: MemoryHouse, effect: OwedEffect) -> OwedEffect:
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.owe(effect)
        await uow.commit()
    return effect


async def perform(house: MemoryHouse, effect: OwedEffect) -> EffectState | None:
    return await perform_effect(effect.id, house.ports, house.terms)


def stored(house: MemoryHouse, effect: OwedEffect) -> OwedEffect:
    return house.database.effects.rows[effect.id].effect


async def an_owed_look(house: MemoryHouse) -> OwedEffect:
    """Owe a look at an intent that has been paid."""
    _, intent = await house.book_unpaid()
    house.pay(intent)
    return await owe(house, an_effect(payload={"intent_id": intent.id}, at=house.clock()))


async def test_given_a_due_effect_when_performed_twice_then_it_is_done_once() -> None:
    house = await a_house()
    effect = await an_owed_look(house)

    states = [await perform(house, effect), await perform(house, effect)]

    done = stored(house, effect)
    assert states == [EffectState.DONE, None]
    assert (done.state, done.attempts, done.done_at) == (EffectState.DONE, 1, house.clock())
    assert house.stripe.calls.count(Call.GET_INTENT) == 1


async def test_given_no_such_effect_when_performed_then_nothing_happens() -> None:
    house = await a_house()

    assert await perform_effect(an_id(), house.ports, house.terms) is None


async def test_given_stripe_does_not_answer_when_performed_then_it_is_due_again_in_time() -> None:
    house = await a_house()
    effect = await an_owed_look(house)
    house.stripe.outages.plan(Outage.BEFORE_ACTING, Outage.AFTER_ACTING)

    first = await perform(house, effect)
    too_early = await perform(house, effect)
    house.clock.advance(timedelta(seconds=5))
    second = await perform(house, effect)
    waiting = stored(house, effect)
    house.clock.advance(timedelta(seconds=10))
    third = await perform(house, effect)

    assert [first, too_early, second, third] == [
        EffectState.DUE,
        None,
        EffectState.DUE,
        EffectState.DONE,
    ]
    assert waiting.last_error is not None
    assert waiting.last_error.startswith("payment_unavailable: ")
    assert waiting.due_at == house.clock()
    assert stored(house, effect).last_error is None


async def test_given_an_unknown_error_when_performed_then_it_is_written_down_and_raised() -> None:
    house = await a_house()
    effect = await an_owed_look(house)

    async def break_down() -> None:
        raise ZeroDivisionError("with something personal")

    house.stripe.before(Call.GET_INTENT, break_down)

    with pytest.raises(ZeroDivisionError):
        await perform(house, effect)

    broken = stored(house, effect)
    assert (broken.state, broken.last_error) == (EffectState.DUE, "ZeroDivisionError")
    assert broken.due_at == house.clock() + timedelta(seconds=5)
    assert broken.leased_until is None


async def test_given_somebody_at_it_when_performed_then_it_is_left_to_them() -> None:
    house = await a_house()
    effect = await an_owed_look(house)
    seen = []

    async def other_worker() -> None:
        seen.append(await perform(house, effect))

    house.stripe.before(Call.GET_INTENT, other_worker)

    assert await perform(house, effect) is EffectState.DONE
    assert seen == [None]


async def test_given_a_worker_that_died_when_its_lease_runs_out_then_another_does_it() -> None:
    house = await a_house()
    effect = await an_owed_look(house)

    async def die() -> None:
        raise asyncio.CancelledError

    house.stripe.before(Call.GET_INTENT, die)
    with pytest.raises(asyncio.CancelledError):
        await perform(house, effect)

    house.clock.advance(LEASE - timedelta(microseconds=1))
    during = await perform(house, effect)
    house.clock.advance(timedelta(microseconds=1))
    after = await perform(house, effect)

    assert (during, after) == (None, EffectState.DONE)
    assert stored(house, effect).attempts == 2


async def test_given_a_lease_that_ran_out_when_the_slow_one_fails_then_what_is_done_stays_done() -> (  # noqa: E501
    None
):
    house = await a_house()
    effect = await an_owed_look(house)

    async def outlast_the_lease() -> None:
        house.clock.advance(LEASE)
        await perform(house, effect)
        house.stripe.outages.plan(Outage.BEFORE_ACTING)

    house.stripe.before(Call.GET_INTENT, outlast_the_lease)

    await perform(house, effect)

    assert stored(house, effect).state is EffectState.DONE
    assert stored(house, effect).attempts == 2


async def test_given_courier_tasks_when_worked_off_then_the_courier_has_both_legs() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)

    await house.work_off()

    [tasks] = house.effects(EffectKind.CREATE_COURIER_TASKS)
    assert tasks.state is EffectState.DONE
    assert [task.booking_id for task in house.couriers.tasks.values()] == [booking.id] * 2
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_everything_owed_when_worked_off_then_each_message_is_kept_once() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)

    await house.work_off()
    for effect in house.effects(EffectKind.SEND_MESSAGE):
        await perform(house, effect)

    kinds = [message.kind for message in house.database.messages.rows.values()]
    assert kinds == [
        MessageKind.BOOKING_RECEIVED,
        MessageKind.BOOKING_CONFIRMED,
        MessageKind.RECEIPT,
    ]


async def test_given_a_refund_and_its_event_when_worked_off_then_both_are_done() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    stray = await house.stray_intent(booking)
    await house.confirm_in_cash(booking)
    await house.settle(house.pay(stray))
    await house.work_off()
    [refund] = house.stripe.refunds()
    look = an_effect(
        kind=EffectKind.FOLLOW_REFUND,
        payload={"provider_refund_id": refund.id},
        at=house.clock(),
    )
    await owe(house, look)

    await house.work_off()

    effects = house.effects(EffectKind.SEND_REFUND) + house.effects(EffectKind.FOLLOW_REFUND)
    assert [effect.state for effect in effects] == [EffectState.DONE, EffectState.DONE]
