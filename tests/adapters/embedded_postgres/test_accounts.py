"""Folders of others: whom the server runs as, and what must not change."""

import os
import stat
from pathlib import Path

import pytest

from tests.adapters.embedded_postgres.server_client import (
    AS_CONFINED_ROOT,
    AS_OTHER,
    AS_ROOT,
    AS_ROOT_ALONE,
    AS_SOMEONE,
    NOBODY,
    OTHER,
    RUNNER_IS_ROOT,
    StartClient,
    server_pid,
)
from totetaxi_adapters.embedded_postgres import find_program

MODE_700 = 0o700


def mode_and_owner(folder: Path) -> tuple[int, int, int]:
    found = folder.stat()
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid


def closed_home(place: Path, *, uid: int) -> Path:
    home = place / "home"
    home.mkdir(mode=MODE_700)
    os.chown(home, uid, -1)
    return home


def closed_wheel(place: Path) -> Path:
    """Return a folder of modules, with the wheel, that only its owner may pass through."""
    package = find_program("postgres").parents[2]
    closed = place / "closed"
    closed.mkdir(mode=MODE_700)
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.parent / name)
    return closed


@pytest.mark.parametrize("role", [AS_ROOT, AS_SOMEONE], ids=["root", "someone"])
def test_given_a_closed_home_when_the_server_runs_below_it_then_the_home_is_unchanged(
    place: Path, start_client: StartClient, role: tuple[str, ...]
) -> None:
    home = closed_home(place, uid=os.geteuid())
    before = mode_and_owner(home)

    client = start_client("home/totetaxi/data", role=role)
    found = client.ask("query SELECT 42")
    client.release()

    assert found == [[42]]
    assert mode_and_owner(home) == before


@pytest.mark.usefixtures("made_cluster")
@pytest.mark.parametrize("role", [AS_ROOT, AS_SOMEONE], ids=["root", "someone"])
def test_given_an_existing_data_folder_when_the_server_runs_in_it_then_its_mode_stays(
    place: Path, start_client: StartClient, role: tuple[str, ...]
) -> None:
    data = place / "data"
    data.chmod(0o750)
    before = mode_and_owner(data)

    found = start_client(role=role).ask("query SELECT 42")

    assert found == [[42]]
    assert mode_and_owner(data) == before


def test_given_anothers_closed_home_when_root_starts_then_the_server_runs_as_its_owner(
    place: Path, start_client: StartClient
) -> None:
    home = closed_home(place, uid=OTHER)
    before = mode_and_owner(home)

    client = start_client("home/data", role=AS_ROOT)
    found = client.ask("query SELECT 42")
    server = Path(f"/proc/{server_pid(home / 'data')}").stat().st_uid

    assert found == [[42]]
    assert server == OTHER
    assert mode_and_owner(home) == before


def test_given_anothers_folder_when_root_has_been_there_then_its_owner_can_still_start(
    place: Path, start_client: StartClient
) -> None:
    home = closed_home(place, uid=OTHER)
    owner = start_client("home", role=AS_OTHER)
    owner.ask("query CREATE TABLE kept (answer int)")
    owner.release()
    for file in (*home.glob("*.lock"), *home.glob("*.log")):
        file.unlink()
    by_root = start_client("home", role=AS_ROOT)
    by_root.ask("query INSERT INTO kept VALUES (42)")
    by_root.release()

    again = start_client("home", role=AS_OTHER)

    assert again.first["uid"] == OTHER
    assert again.ask("query SELECT answer FROM kept") == [[42]]


def test_given_no_user_namespaces_when_root_starts_then_the_server_runs_as_nobody(
    place: Path, start_client: StartClient
) -> None:
    modules = closed_wheel(place)
    closed, above = mode_and_owner(modules), mode_and_owner(place)

    client = start_client(role=AS_CONFINED_ROOT, modules=modules)

    if RUNNER_IS_ROOT:
        assert client.ask("query SELECT 42") == [[42]]
        assert Path(f"/proc/{server_pid(place / 'data')}").stat().st_uid == NOBODY
        assert mode_and_owner(place / "data")[:2] == (0o710, 0)
        assert mode_and_owner(place / "data/cluster")[:2] == (MODE_700, NOBODY)
    else:  # whoever is root in a namespace of one account has nobody to become
        assert client.first["code"] == "data_folder_unreachable"
    assert (mode_and_owner(modules), mode_and_owner(place)) == (closed, above)


def test_given_a_nobody_cluster_when_namespaces_return_then_it_is_still_served(
    start_client: StartClient,
) -> None:
    first = start_client(role=AS_CONFINED_ROOT)
    made = "url" in first.first
    if made:
        first.ask("query CREATE TABLE kept AS SELECT 42 AS answer")
        first.release()

    again = start_client(role=AS_ROOT)

    assert made is RUNNER_IS_ROOT
    assert again.ask("query SELECT 42") == [[42]]
    assert not made or again.ask("query SELECT answer FROM kept") == [[42]]


def test_given_a_home_closed_to_nobody_when_root_has_no_namespaces_then_it_says_what_to_do(
    place: Path, start_client: StartClient
) -> None:
    home = closed_home(place, uid=os.geteuid())
    before = mode_and_owner(home)

    refusal = start_client("home/data", role=AS_CONFINED_ROOT).first

    assert refusal["code"] == "data_folder_unreachable"
    assert "TOTETAXI_DATA_DIR" in refusal["text"]
    assert mode_and_owner(home) == before


def test_given_a_closed_folder_we_did_not_make_when_nobody_must_pass_then_it_stays_closed(
    place: Path, start_client: StartClient
) -> None:
    data = place / "data"
    data.mkdir(mode=MODE_700)
    before = mode_and_owner(data)

    refusal = start_client(role=AS_CONFINED_ROOT).first

    assert refusal["code"] == "data_folder_unreachable"
    assert mode_and_owner(data) == before


def test_given_root_with_no_other_account_when_it_has_no_namespaces_then_it_says_what_to_do(
    start_client: StartClient,
) -> None:
    refusal = start_client(role=AS_ROOT_ALONE).first

    assert refusal["code"] == "data_folder_unreachable"
    assert "user namespaces" in refusal["text"]
