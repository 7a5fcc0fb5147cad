"""The last moment of a process that was told to stop."""

import faulthandler
from functools import cache
from typing import Final

LEAVE_WITHIN_S: Final = 18
"""Requests and jobs have 14 of them; the rest is for what a silent network keeps open.

Who stops us is told to wait for 20: a busy machine takes its time to hear, and to bury.
"""


@cache  # a second signal gives no more time
def leave_in_time() -> None:
    """End this process in time, whatever it still waits for, with exit status 1.

    It then says on standard error what that was. What it leaves undone is taken up as after a kill.
    """
    faulthandler.dump_traceback_later(LEAVE_WITHIN_S, exit=True)
