"""Passwords at rest, and the event loop while they are hashed."""

import asyncio
from collections.abc import Iterator
from time import monotonic

import pytest
from argon2 import extract_parameters

from totetaxi_adapters.passwords import OF_NOBODY, Argon2PasswordHasher

PASSWORD = "Correct-horse-1"


@pytest.fixture
def hasher() -> Iterator[Argon2PasswordHasher]:
    made = Argon2PasswordHasher()
    yield made
    made.close()


async def test_given_a_password_when_hashed_then_it_matches_alone(
    hasher: Argon2PasswordHasher,
) -> None:
    one, other = await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)

    assert one != other
    assert PASSWORD not in one
    assert one.startswith("$argon2id$")
    assert await hasher.matches(PASSWORD, one)
    assert not await hasher.matches("correct-horse-1", one)
    assert not await hasher.matches(PASSWORD, "no hash at all")


async def test_given_nobody_when_tried_then_the_work_is_that_of_a_real_account(
    hasher: Argon2PasswordHasher,
) -> None:
    made = extract_parameters(await hasher.hash(PASSWORD))

    nobodys = extract_parameters(OF_NOBODY)

    assert (nobodys.memory_cost, nobodys.time_cost) == (made.memory_cost, made.time_cost)
    assert (nobodys.parallelism, nobodys.hash_len) == (made.parallelism, made.hash_len)
    assert not await hasher.matches(PASSWORD, None)


async def test_given_many_passwords_when_hashed_then_the_event_loop_goes_on(
    hasher: Argon2PasswordHasher,
) -> None:
    began_s = monotonic()
    work = [asyncio.create_task(hasher.hash(PASSWORD)) for _ in range(6)]

    turns = 0
    while not all(task.done() for task in work):
        turns += 1
        await asyncio.sleep(0)

    assert turns > 6
    assert monotonic() - began_s < 30
