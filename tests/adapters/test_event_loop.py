import asyncio
import sys

import pytest

from totetaxi_adapters.event_loop import run


async def loop_in_use() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_given_a_machine_that_has_uvloop_when_run_then_it_runs_on_that() -> None:
    expected = "asyncio" if sys.platform == "win32" else "uvloop"

    assert run(loop_in_use()).partition(".")[0] == expected


def test_given_what_is_run_refuses_when_run_then_the_refusal_comes_out() -> None:
    async def refuse() -> None:
        raise LookupError("nothing here")

    with pytest.raises(LookupError, match="nothing here"):
        run(refuse())
