"""`serve --workers N`: several processes behind one port."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.cli.conftest import Process, Processes, address_in, ready_line, refuses
from tests.scenarios.eventually import eventually
from totetaxi_cli import service_group
from totetaxi_cli.service_group import MemberFailedError, Role, next_pause_s, serve_group

PATIENCE_S: Final = 120
STAYS: Final = "tests.cli.stubborn_member"
ENDS_AT_ONCE: Final = "json.tool"  # it knows none of our options


def test_given_two_processes_when_one_is_killed_then_it_is_started_anew_and_sigterm_ends_them_all(
    processes: Processes,
) -> None:
    serving = processes.start("serve", "--port", "0", "--workers", "2")
    url = address_in(ready_line(serving))
    before = members(serving.pid)
    killed = next(pid for pid, role in before.items() if role == "api")

    os.kill(killed, signal.SIGKILL)
    eventually(lambda: not is_alive(killed), within_s=PATIENCE_S)
    statuses = {status_of(url) for _ in range(20)}
    after = eventually(lambda: replaced(serving, before), within_s=PATIENCE_S)
    serving.terminate()
    ended = processes.end_of(serving)

    assert sorted(before.values()) == sorted(after.values()) == ["api", "api", "worker"]
    assert statuses == {200}
    assert ended.code == 0
    assert '"status":-9' in ended.err
    assert "Traceback" not in ended.err
    assert not [pid for pid in {*before, *after} if is_alive(pid)]


def test_given_several_processes_when_the_one_that_began_them_is_killed_then_they_leave(
    processes: Processes,
) -> None:
    serving = processes.start("serve", "--port", "0", "--workers", "2", "--no-worker")
    url = address_in(ready_line(serving))
    began = members(serving.pid)

    serving.kill()

    eventually(lambda: not [pid for pid in began if is_alive(pid)], within_s=PATIENCE_S)
    assert sorted(began.values()) == ["api", "api"]
    with pytest.raises(httpx.ConnectError):
        status_of(url)


async def test_given_processes_that_end_before_they_are_ready_when_served_then_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_group, "MEMBER", ENDS_AT_ONCE)
    announced: list[bool] = []

    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(MemberFailedError):
        await serve_group(
            listener,
            [Role.API, Role.API],
            url="http://127.0.0.1",
            announce=lambda: announced.append(True),
        )

    assert not announced


async def test_given_a_process_that_is_slow_to_leave_when_told_to_stop_then_callers_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_group, "MEMBER", STAYS)
    is_ready = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = listener.getsockname()
        serving = asyncio.create_task(
            serve_group(listener, [Role.WORKER], url="http://127.0.0.1", announce=is_ready.set)
        )
        try:
            await asyncio.wait_for(is_ready.wait(), PATIENCE_S)

            os.kill(os.getpid(), signal.SIGTERM)
            refused = await asyncio.to_thread(
                eventually, lambda: refuses(place), within_s=PATIENCE_S
            )
            was_ended = serving.done()
            stubborn = members(os.getpid())
        finally:
            await end_members(serving)

    assert refused
    assert not was_ended
    assert [*stubborn.values()] == ["worker"]
    assert not [pid for pid in stubborn if is_alive(pid)]


def test_given_a_process_that_dies_again_and_again_when_restarted_then_the_pauses_grow() -> None:
    pauses_s = [0.0]
    for _ in range(7):
        pauses_s.append(next_pause_s(pauses_s[-1], lived_s=9.9))

    assert pauses_s == [0, 1, 2, 4, 8, 16, 30, 30]
    assert next_pause_s(30, lived_s=10) == 0


async def end_members(serving: "asyncio.Task[None]") -> None:
    """End what a group in this process has started, however far it came."""
    os.kill(os.getpid(), signal.SIGTERM)  # or those that are killed are started anew
    for pid in members(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    await asyncio.wait_for(serving, PATIENCE_S)


def members(began: int) -> Mapping[int, str]:
    """Return the processes of the group that run, each with its role."""
    found = Path(f"/proc/{began}/task/{began}/children").read_text()
    words = {int(pid): command_of(int(pid)) for pid in found.split()}
    return {pid: said[said.index("--listener") - 1] for pid, said in words.items() if said}


def command_of(pid: int) -> list[str]:
    """Return the words of a member's command; none where it is another process, or gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []
    return words if service_group.MEMBER in words and "--listener" in words else []


def replaced(serving: Process, before: Mapping[int, str]) -> Mapping[int, str] | None:
    now = members(serving.pid)
    return now if len(now) == len(before) and now != before else None


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; one that nobody has buried yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def status_of(url: str) -> int:
    """Ask on a connection of its own."""
    with httpx.Client(trust_env=False, timeout=60) as http:
        return http.get(f"{url}/health/live").status_code
