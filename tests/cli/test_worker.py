import signal

from tests.cli.conftest import Processes, ready_line


def test_given_a_worker_when_told_to_stop_then_it_says_it_was_ready_and_ends_well(
    processes: Processes,
) -> None:
    working = processes.anew("worker")

    assert ready_line(working) == "ready: worker\n"
    working.send_signal(signal.SIGTERM)

    ended = processes.end_of(working)
    assert ended.code == 0
    assert "Traceback" not in ended.err
