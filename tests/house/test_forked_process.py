"""A forked program is like one that a new interpreter runs: what it says, and how it ends."""

import os
import signal
import subprocess
import sys

import pytest

from tests.forked_process import ForkedProcess, run_forked

SERVE = ("-m", "totetaxi_cli.main", "serve", "--port")
ENVIRON = {"PATH": os.environ.get("PATH", ""), "COLUMNS": "80"}


def test_given_a_wrong_usage_when_run_by_both_then_both_say_and_end_alike() -> None:
    anew = subprocess.run(
        (sys.executable, *SERVE, "none"), env=ENVIRON, capture_output=True, text=True, check=False
    )

    forked = run_forked((*SERVE, "none"), env=ENVIRON)

    assert (forked.returncode, forked.stdout, forked.stderr) == (2, anew.stdout, anew.stderr)
    assert anew.returncode == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGUSR1])
def test_given_a_signal_nobody_handles_when_sent_then_it_ends_by_it(
    number: signal.Signals, database_url: str
) -> None:
    serving = ForkedProcess((*SERVE, "0"), env={**ENVIRON, "DATABASE_URL": database_url})
    assert serving.stdout is not None
    assert serving.stdout.readline().startswith("ready: ")
    assert serving.poll() is None

    serving.send_signal(number)

    assert serving.wait(timeout=30) == -number
    assert serving.communicate(timeout=30)[0] == ""


def test_given_one_that_goes_on_when_waited_for_in_vain_then_it_is_ended(database_url: str) -> None:
    serving = ForkedProcess((*SERVE, "0"), env={**ENVIRON, "DATABASE_URL": database_url})

    with pytest.raises(subprocess.TimeoutExpired):
        serving.communicate(timeout=0.1)

    assert serving.wait(timeout=30) == -signal.SIGKILL
