from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_booking
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.bookings.repositories import IdempotencyKey, IdempotencyRecord

KEPT = timedelta(hours=24)
MICROSECOND = timedelta(microseconds=1)
KEY = IdempotencyKey(scope="guest-booking:ada@example.com", key="k-1", body_hash="a" * 64)


async def a_record(uow_factory: UowFactory, *, key: IdempotencyKey = KEY) -> IdempotencyRecord:
    """Return a record of a stored booking, whose first request is running."""
    booking = await store_booking(uow_factory())
    lease = NOW + timedelta(seconds=60)
    return IdempotencyRecord(key=key, booking_id=booking.id, leased_until=lease, created_at=NOW)


async def add(uow_factory: UowFactory, record: IdempotencyRecord) -> bool:
    async with uow_factory() as uow:
        is_first = await uow.idempotency.add(record)
        await uow.commit()
    return is_first


async def test_given_a_first_request_when_found_again_then_the_record_is_equal(
    uow_factory: UowFactory,
) -> None:
    record = await a_record(uow_factory)

    is_first = await add(uow_factory, record)

    assert is_first
    async with uow_factory() as uow:
        assert await uow.idempotency.find(KEY, now=NOW + timedelta(hours=1)) == record


async def test_given_a_record_when_another_scope_or_key_asks_then_there_is_none(
    uow_factory: UowFactory,
) -> None:
    await add(uow_factory, await a_record(uow_factory))

    async with uow_factory() as uow:
        other_scope = await uow.idempotency.find(replace(KEY, scope="guest:bob"), now=NOW)
        other_key = await uow.idempotency.find(replace(KEY, key="K-1"), now=NOW)

    assert other_scope is None
    assert other_key is None


async def test_given_a_record_when_another_body_asks_then_the_first_bodys_record_is_returned(
    uow_factory: UowFactory,
) -> None:
    record = await a_record(uow_factory)
    await add(uow_factory, record)

    async with uow_factory() as uow:
        found = await uow.idempotency.find(replace(KEY, body_hash="b" * 64), now=NOW)

    assert found == record


async def test_given_a_second_request_when_added_then_it_is_told_and_the_first_stays(
    uow_factory: UowFactory,
) -> None:
    first, second = await a_record(uow_factory), await a_record(uow_factory)
    await add(uow_factory, first)

    is_first = await add(uow_factory, second)

    assert not is_first
    async with uow_factory() as uow:
        assert await uow.idempotency.find(KEY, now=NOW) == first


@pytest.mark.parametrize(("age", "is_found"), [(KEPT, True), (KEPT + MICROSECOND, False)])
async def test_given_a_days_age_when_found_then_only_what_is_not_older_is(
    uow_factory: UowFactory, age: timedelta, *, is_found: bool
) -> None:
    record = await a_record(uow_factory)
    await add(uow_factory, record)

    async with uow_factory() as uow:
        found = await uow.idempotency.find(KEY, now=NOW + age)

    assert found == (record if is_found else None)


async def test_given_a_record_older_than_a_day_when_the_key_comes_again_then_it_is_a_first(
    uow_factory: UowFactory,
) -> None:
    await add(uow_factory, await a_record(uow_factory))
    tomorrow = NOW + KEPT + MICROSECOND
    again = replace(await a_record(uow_factory), created_at=tomorrow, leased_until=None)

    is_first = await add(uow_factory, again)

    assert is_first
    async with uow_factory() as uow:
        assert await uow.idempotency.find(KEY, now=tomorrow) == again


async def test_given_a_record_when_saved_then_it_stands_as_saved(uow_factory: UowFactory) -> None:
    record = await a_record(uow_factory)
    await add(uow_factory, record)
    answered = replace(record, leased_until=None)

    async with uow_factory() as uow:
        await uow.idempotency.save(answered)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.idempotency.find(KEY, now=NOW) == answered


async def test_given_a_record_added_before_its_booking_when_committed_then_both_stand(
    uow_factory: UowFactory,
) -> None:
    booking = a_booking()
    record = IdempotencyRecord(key=KEY, booking_id=booking.id, leased_until=None, created_at=NOW)

    async with uow_factory() as uow:
        await uow.idempotency.add(record)
        await uow.bookings.add(booking)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.idempotency.find(KEY, now=NOW) == record


@pytest.mark.parametrize("commits", [True, False])
async def test_given_two_first_requests_when_the_faster_ends_then_the_slower_knows(
    uow_factory: UowFactory, *, commits: bool
) -> None:
    faster, slower = await a_record(uow_factory), await a_record(uow_factory)

    async with uow_factory() as uow:
        await uow.idempotency.add(faster)
        waiting = await start_blocked(add(uow_factory, slower), by=uow)
        if commits:
            await uow.commit()

    is_first = await outcome(waiting)
    assert is_first is not commits


async def test_given_a_found_record_when_another_finds_it_then_it_waits_and_sees_the_change(
    uow_factory: UowFactory,
) -> None:
    record = await a_record(uow_factory)
    await add(uow_factory, record)

    async def find() -> IdempotencyRecord | None:
        async with uow_factory() as second:
            return await second.idempotency.find(KEY, now=NOW)

    async with uow_factory() as first:
        await first.idempotency.find(KEY, now=NOW)
        waiting = await start_blocked(find(), by=first)
        await first.idempotency.save(replace(record, leased_until=None))
        await first.commit()

    assert await outcome(waiting) == replace(record, leased_until=None)
