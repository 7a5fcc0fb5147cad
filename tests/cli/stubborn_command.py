"""A command that does not end when it is interrupted, with little time to do so."""

import asyncio
import sys
from contextlib import suppress
from typing import NoReturn
from unittest.mock import patch

from totetaxi_cli import interruptible

A_MOMENT_S = 1


async def never_end() -> NoReturn:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


if __name__ == "__main__":
    with patch("totetaxi_cli.stop_deadline.LEAVE_WITHIN_S", A_MOMENT_S):
        interruptible.run(never_end())
