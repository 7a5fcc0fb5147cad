import errno
import os
import signal
import socket
from contextlib import closing
from http.client import HTTPConnection
from typing import Final, NoReturn

import httpx
import pytest

from tests.cli.conftest import Processes, Runner, address_in, ready_line, refuses
from tests.scenarios.eventually import eventually
from totetaxi_cli import service_start

PATIENCE_S: Final = 120
READY: Final = (200, None)


def test_given_a_free_port_when_served_then_the_ready_line_leads_to_docs_sandbox_and_health(
    processes: Processes,
) -> None:
    serving = processes.anew("serve", "--port", "0")

    line = ready_line(serving)

    url = address_in(line)
    assert f"sandbox {url}/sandbox" in line
    assert f"health {url}/health/" in line
    with httpx.Client(base_url=url, trust_env=False) as http:
        assert http.get("/schema").status_code == 200
        assert http.get("/sandbox").status_code == 200
        assert http.get("/health/live").status_code == 200
    serving.send_signal(signal.SIGTERM)
    ended = processes.end_of(serving)
    assert ended.code == 0
    assert ended.out == ""  # the ready line was all
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("number", ["1", "2"])
def test_given_a_kept_connection_when_told_to_stop_then_it_is_answered_until_told_that_it_ends(
    processes: Processes, number: str
) -> None:
    serving = processes.start("serve", "--port", "0", "--no-worker", "--workers", number)
    url = httpx.URL(address_in(ready_line(serving)))
    with closing(HTTPConnection(url.host, url.port or 0, timeout=PATIENCE_S)) as kept:
        assert readiness(kept) == READY

        serving.terminate()
        while (last := readiness(kept))[1] is None:
            assert last in (READY, (503, None))

    assert last == (503, "close")
    eventually(lambda: refuses((url.host, url.port or 0)), within_s=PATIENCE_S)
    assert processes.end_of(serving).code == 0


def test_given_a_server_that_was_interrupted_when_it_ends_then_it_ends_well(
    processes: Processes,
) -> None:
    serving = processes.start("serve", "--port", "0", "--no-worker")
    assert ready_line(serving)

    serving.send_signal(signal.SIGINT)

    assert processes.end_of(serving).code == 0


def test_given_a_server_that_still_starts_when_stopped_then_it_ends_well(
    processes: Processes,
) -> None:
    serving = processes.start("serve", "--port", "0", LOG_LEVEL="DEBUG")
    assert serving.stderr is not None
    assert serving.stderr.readline()  # the migrations' first word: not listening yet

    serving.send_signal(signal.SIGTERM)

    ended = processes.end_of(serving)
    assert ended.code == 0
    assert "Traceback" not in ended.err


def test_given_an_empty_database_when_served_then_it_is_migrated_first(
    processes: Processes, empty_database_url: str
) -> None:
    serving = processes.start("serve", "--port", "0", DATABASE_URL=empty_database_url)

    url = address_in(ready_line(serving))

    assert httpx.get(f"{url}/api/public/services", trust_env=False).status_code == 200


def test_given_a_port_in_use_when_served_then_one_line_says_how_to_choose_another(
    totetaxi: Runner,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        refused = totetaxi("serve", "--port", port, LOG_LEVEL="WARNING")

    assert refused.code == 1
    assert refused.err == (
        f"port_unavailable: port {port} on 127.0.0.1 is in use: choose another with --port N"
        " or PORT=N (0 takes a free one)\n"
    )


def test_given_a_full_disk_when_served_then_nobody_speaks_of_the_port(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fill_up(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(service_start, "serve", fill_up)

    refused = totetaxi("serve", LOG_LEVEL="WARNING")

    assert refused.code == 1
    assert refused.err == "system_error: [Errno 28] No space left on device\n"


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_given_a_pooler_when_jobs_would_be_done_behind_it_then_it_is_refused(
    totetaxi: Runner, command: str
) -> None:
    refused = totetaxi(command, DATABASE_POOLER="true")

    assert refused.code == 1
    assert refused.err.startswith("pooler_unfit: jobs need the server itself")


@pytest.mark.parametrize(
    ("option", "value"), [("--port", "65536"), ("--port", "http"), ("--workers", "0")]
)
def test_given_a_number_out_of_bounds_when_served_then_it_is_wrong_usage(
    totetaxi: Runner, option: str, value: str
) -> None:
    assert totetaxi("serve", option, value).code == 2


def test_given_a_host_the_sandbox_cannot_be_reached_on_when_served_then_it_is_refused(
    totetaxi: Runner,
) -> None:
    refused = totetaxi("serve", "--host", "192.0.2.1")

    assert refused.code == 1
    assert refused.err.startswith("host_unfit: ")


def readiness(kept: HTTPConnection) -> tuple[int, str | None]:
    """Ask on a connection that is kept; return the status, and what becomes of the connection."""
    kept.request("GET", "/health/ready")
    answer = kept.getresponse()
    answer.read()
    return answer.status, answer.getheader("connection")
