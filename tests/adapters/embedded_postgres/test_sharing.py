"""Who may start the server, and how several processes share it."""

from pathlib import Path

import pytest

from tests.adapters.embedded_postgres.server_client import (
    AS_NAMELESS,
    AS_ROOT,
    AS_SOMEONE,
    StartClient,
    processes_of,
    server_pid,
    stopped,
)

ROLES = {"root": AS_ROOT, "someone": AS_SOMEONE, "nameless": AS_NAMELESS}
ROLE_UIDS = {"root": 0, "nameless": 54321}
MADE = pytest.mark.usefixtures("made_cluster")
EACH_ROLE = pytest.mark.parametrize("role", ROLES)


@EACH_ROLE
def test_given_no_folder_when_acquired_and_released_then_nothing_runs_and_the_data_stay(
    place: Path, start_client: StartClient, role: str
) -> None:
    client = start_client(role=ROLES[role])

    uid = client.first["uid"]
    settings = client.ask("query SELECT current_setting('fsync'), current_setting('timezone')")
    database = client.ask(
        "query SELECT current_database(), pg_encoding_to_char(encoding), datlocale"
        " FROM pg_database WHERE datname = current_database()"
    )
    client.ask("query CREATE TABLE kept AS SELECT 42 AS answer")
    client.release()
    left = processes_of(place)
    kept = start_client(role=ROLES[role]).ask("query SELECT answer FROM kept")

    assert uid == ROLE_UIDS.get(role, uid)
    assert (uid == 0) is (role == "root")
    assert settings == [["on", "UTC"]]
    assert database == [["totetaxi", "UTF8", "C.UTF-8"]]
    assert left == set()
    assert kept == [[42]]
    assert (place / "data").stat().st_mode & 0o777 == 0o700


@MADE
def test_given_three_processes_at_once_when_they_acquire_then_they_share_one_server(
    place: Path, start_client: StartClient
) -> None:
    clients = [start_client() for _ in range(3)]

    urls = {client.first["url"] for client in clients}
    servers = {
        client.ask("query SELECT pg_postmaster_start_time()::text")[0][0] for client in clients
    }

    assert len(urls) == len(servers) == 1
    assert server_pid(place / "data") in processes_of(place)


@MADE
def test_given_three_processes_when_they_leave_then_the_last_one_stops_the_server(
    place: Path, start_client: StartClient
) -> None:
    clients = [start_client() for _ in range(3)]
    server = clients[0].first and server_pid(place / "data")
    for client in clients:
        client.ask("ensure")

    running_after = []
    for client in clients:
        client.release()
        running_after.append(server in processes_of(place))

    assert running_after == [True, True, False]


@MADE
def test_given_a_server_just_stopping_when_acquired_then_a_new_one_starts(
    place: Path, start_client: StartClient
) -> None:
    leaving = start_client()
    leaving.ask("query CREATE TABLE kept AS SELECT 42 AS answer")

    leaving.kill()
    found = start_client().ask("query SELECT answer FROM kept")

    assert found == [[42]]
    assert not stopped(place, within_s=0)


def test_given_a_deep_folder_when_acquired_then_the_socket_lies_elsewhere(
    place: Path, start_client: StartClient
) -> None:
    deep = "/".join(["a folder, with a comma"] * 6)
    client = start_client(deep)

    found = client.ask("query SELECT 42")
    socket_folder = Path((place / deep / "socket-folder").read_text())
    mode = socket_folder.stat().st_mode & 0o777
    client.release()

    assert found == [[42]]
    assert mode == 0o700
    assert not socket_folder.exists()
