from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import NOW, a_payment, an_attempt
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking, store_payment
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.repositories import LiveAttemptExistsError

MINUTE = timedelta(minutes=1)


async def store_attempt(uow_factory: UowFactory, attempt: PaymentAttempt) -> PaymentAttempt:
    async with uow_factory() as uow:
        await uow.payments.add_attempt(attempt)
        await uow.commit()
    return attempt


def paid(payment: Payment) -> Payment:
    return replace(
        payment,
        status=PaymentStatus.SUCCEEDED,
        updated_at=NOW + MINUTE,
        completed_at=NOW + MINUTE,
        stripe_charge_id=f"ch_{payment.id.hex}",
        card_brand="visa",
        card_last_four="0077",
    )


async def test_given_a_bookings_payments_when_asked_for_then_they_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    second = a_payment(booking, purpose=PaymentPurpose.DUPLICATE, created_at=NOW + MINUTE)
    first = a_payment(booking)
    for payment in (second, first):
        await store_payment(uow_factory(), payment)
    await store_payment(uow_factory())

    async with uow_factory() as uow:
        found = await uow.payments.of_booking(booking.id)
        locked = await uow.payments.of_booking(booking.id, lock=True)

    assert found == locked == (first, second)


async def test_given_a_payment_that_succeeded_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())

    async with uow_factory() as uow:
        await uow.payments.save(paid(payment))
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.payments.of_booking(payment.booking_id) == (paid(payment),)


async def test_given_a_locked_payment_when_another_locks_it_then_it_waits_and_sees_the_change(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())

    async def lock() -> tuple[Payment, ...]:
        async with uow_factory() as second:
            return await second.payments.of_booking(payment.booking_id, lock=True)

    async with uow_factory() as first:
        await first.payments.of_booking(payment.booking_id, lock=True)
        waiting = await start_blocked(lock(), by=first)
        await first.payments.save(paid(payment))
        await first.commit()

    assert await outcome(waiting) == (paid(payment),)


async def test_given_a_locked_payment_when_another_writes_then_it_waits(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())

    async def pay() -> None:
        async with uow_factory() as second:
            await second.payments.save(paid(payment))
            await second.commit()

    async with uow_factory() as first:
        await first.payments.of_booking(payment.booking_id, lock=True)
        waiting = await start_blocked(pay(), by=first)
        unlocked = await first.payments.of_booking(payment.booking_id)
    await outcome(waiting)

    assert unlocked == (payment,)
    async with uow_factory() as uow:
        assert await uow.payments.of_booking(payment.booking_id) == (paid(payment),)


async def test_given_attempts_when_asked_for_then_they_come_equal_and_oldest_first(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    first = replace(
        an_attempt(payment),
        state=AttemptState.ENDED,
        intent_id="pi_first",
        checked_at=NOW + MINUTE,
    )
    second = an_attempt(payment, number=2, created_at=NOW + MINUTE)
    for attempt in (second, first):
        await store_attempt(uow_factory, attempt)

    async with uow_factory() as uow:
        found = await uow.payments.attempts(payment.booking_id)

    assert found == (first, second)


async def test_given_an_attempt_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    attempt = await store_attempt(uow_factory, an_attempt(payment))
    known = replace(attempt, intent_id="pi_1", checked_at=NOW, state=AttemptState.SUCCEEDED)

    async with uow_factory() as uow:
        await uow.payments.save_attempt(known)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.payments.attempts(payment.booking_id) == (known,)


async def test_given_a_checkout_attempt_when_its_session_is_known_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    ends_at = NOW + timedelta(hours=24)
    attempt = replace(an_attempt(payment), kind=AttemptKind.CHECKOUT, expires_at=ends_at)
    await store_attempt(uow_factory, attempt)

    opened = replace(attempt, session_id=f"cs_{attempt.id.hex}")
    async with uow_factory() as uow:
        await uow.payments.save_attempt(opened)
        await uow.commit()
    async with uow_factory() as uow:
        [found] = await uow.payments.attempts(payment.booking_id)

    assert found == opened
    assert (found.kind, found.expires_at) == (AttemptKind.CHECKOUT, ends_at)


async def test_given_a_live_attempt_when_another_is_added_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    first = await store_attempt(uow_factory, an_attempt(payment))

    with pytest.raises(LiveAttemptExistsError) as refusal:
        await store_attempt(uow_factory, an_attempt(payment, number=2))

    assert refusal.value.code == "payment_in_progress"
    async with uow_factory() as uow:
        assert await uow.payments.attempts(payment.booking_id) == (first,)


async def test_given_a_live_attempt_of_another_payment_when_added_then_it_is_refused_alike(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    first = await store_payment(uow_factory(), a_payment(booking))
    second = await store_payment(
        uow_factory(), a_payment(booking, purpose=PaymentPurpose.DUPLICATE)
    )
    await store_attempt(uow_factory, an_attempt(first))

    with pytest.raises(LiveAttemptExistsError):
        await store_attempt(uow_factory, an_attempt(second))

    ended = replace(an_attempt(second), state=AttemptState.SUCCEEDED)
    assert await store_attempt(uow_factory, ended) == ended


async def test_given_a_live_attempt_that_ended_when_another_is_added_then_it_is_stored(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    first = await store_attempt(uow_factory, an_attempt(payment))
    ended, second = replace(first, state=AttemptState.ENDED), an_attempt(payment, number=2)

    async with uow_factory() as uow:
        await uow.payments.save_attempt(ended)
        await uow.payments.add_attempt(second)
        await uow.commit()

    async with uow_factory() as uow:
        found = await uow.payments.attempts(payment.booking_id)
    assert {attempt.id: attempt for attempt in found} == {ended.id: ended, second.id: second}


async def test_given_two_live_attempts_at_once_when_the_first_commits_then_the_second_is_refused(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    second = an_attempt(payment, number=2)

    async with uow_factory() as uow:
        await uow.payments.add_attempt(an_attempt(payment))
        losing = await start_blocked(store_attempt(uow_factory, second), by=uow)
        await uow.commit()

    with pytest.raises(LiveAttemptExistsError):
        await outcome(losing)


async def test_given_live_attempts_when_checked_then_the_longest_unchecked_come_first(
    uow_factory: UowFactory,
) -> None:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)

    async def stored(made_at: datetime, checked_at: datetime | None, state: AttemptState) -> str:
        payment = await store_payment(uow_factory())
        attempt = an_attempt(payment, created_at=made_at)
        attempt = replace(attempt, checked_at=checked_at, state=state, intent_id=f"pi_{payment.id}")
        return (await store_attempt(uow_factory, attempt)).intent_id or ""

    live, ended = AttemptState.LIVE, AttemptState.ENDED
    checked_late = await stored(at(9, 0), at(9, 30), live)
    never_checked = await stored(at(9, 10), None, live)
    made_late = await stored(at(9, 40), None, live)
    await stored(at(9, 0), None, ended)
    await stored(at(9, 0), at(9, 50), live)
    await stored(at(9, 50), None, live)

    async with uow_factory() as uow:
        found = await uow.payments.attempts_to_check(checked_before=at(9, 50), limit=10)
        two = await uow.payments.attempts_to_check(checked_before=at(9, 50), limit=2)

    assert [attempt.intent_id for attempt in found] == [never_checked, checked_late, made_late]
    assert two == found[:2]


async def test_given_an_intent_when_its_attempt_is_asked_for_then_it_is_that_one_alone(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    ended = replace(an_attempt(payment), state=AttemptState.ENDED, intent_id="pi_old")
    live = replace(an_attempt(payment), number=2, intent_id="pi_new")
    for attempt in (ended, live):
        await store_attempt(uow_factory, attempt)

    async with uow_factory() as uow:
        found = [await uow.payments.attempt_of_intent(one) for one in ("pi_old", "pi_new", "pi_x")]

    assert found == [ended, live, None]
