"""What is dear to find out is kept, and a failure is neither kept nor mistaken for an answer."""

import asyncio

import pytest

from totetaxi_adapters.metrics.remembered import Remembered


class Source:
    """Counts how often it is asked, fails when told to, and answers once it may."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.asked = 0
        self.is_away = False
        self.error: Exception = OSError("away")
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def find_out(self) -> int:
        self.asked += 1
        await self.may_answer.wait()
        if self.is_away:
            raise self.error
        return self.asked

    def remembered(self, *, patience_s: float = 60.0) -> Remembered[int]:
        return Remembered(
            "ledger",
            self.find_out,
            for_s=3_600,
            retry_s=60,
            clock=lambda: self.now_s,
            patience_s=patience_s,
        )


async def test_given_a_value_when_asked_again_then_it_is_kept_for_its_time() -> None:
    source = Source()
    kept = source.remembered()

    values = []
    for source.now_s in (0.0, 3_599.0, 3_600.0):
        values.append(await kept.value())

    assert values == [1, 1, 2]
    assert kept.is_read


async def test_given_a_failure_when_a_minute_has_passed_then_it_is_tried_again() -> None:
    source = Source()
    source.is_away = True
    kept = source.remembered()

    first = await kept.value()
    read_at_first = kept.is_read
    source.is_away = False
    source.now_s = 59.0
    soon = await kept.value()
    source.now_s = 60.0
    later = await kept.value()

    assert (first, soon, later) == (None, None, 2)
    assert (read_at_first, kept.is_read) == (False, True)


@pytest.mark.parametrize("error", [OSError("away"), KeyError("a row that nobody foresaw")])
async def test_given_a_value_when_the_next_try_fails_then_the_old_one_is_told_as_unread(
    error: Exception,
) -> None:
    source = Source()
    source.error = error
    kept = source.remembered()
    await kept.value()

    source.is_away, source.now_s = True, 3_600.0
    told = await kept.value()

    assert told == 1
    assert not kept.is_read


async def test_given_an_answer_that_takes_long_when_asked_then_nobody_waits_for_it() -> None:
    source = Source()
    source.may_answer.clear()
    kept = source.remembered(patience_s=0.01)

    async with asyncio.timeout(60):
        meanwhile = (await kept.value(), await kept.value())
        source.may_answer.set()
        while (told := await kept.value()) is None:
            pass

    assert meanwhile == (None, None)
    assert (told, source.asked) == (1, 1)
