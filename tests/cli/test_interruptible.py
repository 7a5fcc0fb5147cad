"""Ctrl-C ends a command, whatever it waits for."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from typing import Final, NoReturn

import pytest

from tests.forked_process import ForkedProcess
from totetaxi_cli import interruptible

PATIENCE_S: Final = 120
STUBBORN: Final = ("-m", "tests.cli.stubborn_command")


def test_given_a_command_that_does_not_let_go_when_interrupted_then_it_is_gone_and_says_where() -> (
    None
):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    stubborn = ForkedProcess(STUBBORN, env=kept)
    assert stubborn.stdout is not None
    assert stubborn.stdout.readline() == "ready\n"

    stubborn.send_signal(signal.SIGINT)

    _, said = stubborn.communicate(timeout=PATIENCE_S)
    assert stubborn.returncode == 1
    assert said.startswith("Timeout (")
    assert "interruptible.py" in said


@pytest.fixture
def heard() -> Iterator[None]:
    """Have SIGINT heard, as in a terminal: whoever runs tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_given_a_command_when_interrupted_then_it_is_cancelled_and_its_time_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[bool] = []
    monkeypatch.setattr(interruptible, "leave_in_time", lambda: counted.append(True))
    before = signal.getsignal(signal.SIGINT)
    ends: list[str] = []

    async def wait() -> NoReturn:
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("well")
        raise AssertionError

    with pytest.raises(KeyboardInterrupt):
        interruptible.run(wait())

    assert (counted, ends) == ([True], ["well"])
    assert signal.getsignal(signal.SIGINT) is before


def test_given_a_thread_when_a_command_runs_there_then_signals_are_left_to_the_first_one() -> None:
    answers: list[int] = []

    async def answer() -> int:
        return 7

    thread = threading.Thread(target=lambda: answers.append(interruptible.run(answer())))
    thread.start()
    thread.join(PATIENCE_S)

    assert answers == [7]


@pytest.mark.usefixtures("heard")
def test_given_a_question_when_interrupted_then_it_ends_at_once_and_the_command_goes_on() -> None:
    told: list[str] = []

    async def ask() -> None:
        handler = signal.getsignal(signal.SIGINT)
        try:
            with interruptible.asking():
                os.kill(os.getpid(), signal.SIGINT)
                told.append("the question waited on")
        except KeyboardInterrupt:
            told.append("interrupted")
        told.append("as before" if signal.getsignal(signal.SIGINT) is handler else "changed")

    interruptible.run(ask())

    assert told == ["interrupted", "as before"]
