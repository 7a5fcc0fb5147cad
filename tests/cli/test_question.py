"""A question ends at Ctrl-C, though the loop that runs the command waits for its answer."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
import typer

from totetaxi_cli import interruptible
from totetaxi_cli.question import new_password, require_yes


@pytest.fixture
def heard() -> Iterator[None]:
    """Have SIGINT heard, as in a terminal: whoever runs tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("ask", [lambda: require_yes("Cancel it?"), new_password])
def test_given_a_question_when_interrupted_then_it_does_not_wait_on(
    ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[str] = []

    def wait_for_answer(*_: object, **__: object) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        answered.append("waited on")
        return "yes"

    async def command() -> None:
        with pytest.raises(KeyboardInterrupt):
            ask()

    monkeypatch.setattr(typer, "confirm", wait_for_answer)
    monkeypatch.setattr(typer, "prompt", wait_for_answer)
    interruptible.run(command())

    assert answered == []
