"""What `kill -9` does to the server, whoever it hits."""

import shutil
from pathlib import Path

import pytest

from tests.adapters.embedded_postgres.server_client import (
    AS_ROOT,
    AS_SOMEONE,
    StartClient,
    kill,
    kill_at_once,
    processes_of,
    server_pid,
    stopped,
    supervisor_pid,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("made_cluster")

KEEP = "query CREATE TABLE kept AS SELECT 42 AS answer"
FIND = "query SELECT answer FROM kept"
SOON_S = 5.0


def test_given_one_client_when_killed_then_the_server_stops(
    place: Path, start_client: StartClient
) -> None:
    client = start_client()
    running = client.first and processes_of(place)

    client.kill()

    assert running
    assert stopped(place, within_s=SOON_S)


def test_given_three_clients_when_two_are_killed_then_the_third_goes_on(
    place: Path, start_client: StartClient
) -> None:
    starter, second, third = (start_client() for _ in range(3))
    starter.ask(KEEP)
    server = second.first and third.first and server_pid(place / "data")

    starter.kill()
    second.kill()
    found = third.ask(FIND)

    assert found == [[42]]
    assert server_pid(place / "data") == server


def test_given_a_client_when_the_supervisor_is_killed_then_the_server_returns_by_itself(
    place: Path, start_client: StartClient
) -> None:
    client = start_client()
    client.ask(KEEP)
    data = place / "data"
    killed, orphan = supervisor_pid(data), server_pid(data)

    kill(killed)
    returned = wait_until(lambda: supervisor_pid(data) != killed, within_s=SOON_S)
    client.ask("ensure")
    found = client.ask(FIND)

    assert returned
    assert found == [[42]]
    assert orphan not in processes_of(place)


def test_given_the_supervisor_killed_when_the_client_ensures_then_it_can_query_at_once(
    place: Path, start_client: StartClient
) -> None:
    client = start_client(role=AS_SOMEONE)
    client.ask(KEEP)

    kill(supervisor_pid(place / "data"))
    client.ask("ensure")
    found = client.ask(FIND)
    client.release()

    assert found == [[42]]
    assert processes_of(place) == set()


@pytest.mark.parametrize("role", [AS_ROOT, AS_SOMEONE], ids=["root", "someone"])
def test_given_no_supervisor_when_the_clients_are_killed_too_then_the_server_stops(
    place: Path, start_client: StartClient, role: tuple[str, ...]
) -> None:
    client = start_client(role=role)
    client.ask(KEEP)

    kill(supervisor_pid(place / "data"))
    client.kill()

    assert stopped(place, within_s=SOON_S)


def test_given_two_clients_when_the_server_is_killed_then_both_find_it_again(
    place: Path, start_client: StartClient
) -> None:
    clients = (start_client(), start_client())
    clients[0].ask(KEEP)
    killed = server_pid(place / "data")

    kill(killed)
    for client in clients:
        client.ask("ensure")
    found = [client.ask(FIND) for client in clients]

    assert found == [[[42]], [[42]]]
    assert server_pid(place / "data") != killed


def test_given_all_killed_at_once_when_started_again_then_the_data_are_there(
    place: Path, start_client: StartClient
) -> None:
    client = start_client()
    client.ask(KEEP)

    kill_at_once(client.process.pid, *processes_of(place))
    client.end()
    found = start_client().ask(FIND)

    assert found == [[42]]


def test_given_a_stale_pid_of_a_living_stranger_when_acquired_then_it_starts(
    place: Path, start_client: StartClient
) -> None:
    client = start_client()
    client.ask(KEEP)
    kill_at_once(client.process.pid, *processes_of(place))
    client.end()
    stranger = start_client("other")
    pid_files = (place / "data/cluster/postmaster.pid", place / "data/run/.s.PGSQL.5432.lock")
    stale_server = pid_files[0].read_text().splitlines()[0]
    for pid_file in pid_files:
        living = str(stranger.first and server_pid(place / "other"))
        pid_file.write_text(pid_file.read_text().replace(stale_server, living))

    found = start_client().ask(FIND)

    assert found == [[42]]
    assert stranger.ask("query SELECT 42") == [[42]]


def test_given_the_making_of_the_files_killed_half_way_when_acquired_then_it_starts_anew(
    place: Path, start_client: StartClient
) -> None:
    data = place / "new"
    client = start_client("new")
    half_way = wait_until(lambda: any(data.glob("cluster-new-*/base/1/*")))
    kill_at_once(client.process.pid, *processes_of(place))
    client.end()
    cut_short = not (data / "cluster").exists()

    found = start_client("new").ask("query SELECT 42")

    assert half_way
    assert cut_short
    assert found == [[42]]
    assert not list(data.glob("*-new-*"))


def test_given_a_running_server_when_its_folder_is_deleted_then_it_goes(
    place: Path, start_client: StartClient
) -> None:
    client = start_client()
    client.ask(KEEP)

    shutil.rmtree(place / "data", ignore_errors=True)

    assert stopped(place, within_s=SOON_S)
