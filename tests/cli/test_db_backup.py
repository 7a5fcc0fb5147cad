from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.adapters.backup.databases import kill_restore
from tests.cli.conftest import Runner


def test_given_a_house_when_backed_up_and_restored_then_both_say_the_same_of_it(
    totetaxi: Runner, tmp_path: Path, empty_database_url: str
) -> None:
    totetaxi("schedule", "close", "2026-12-24", "--reason", "a feast", "--as", "root")
    out = ("--out", str(tmp_path / "kept.tar"))

    written = totetaxi("db", "backup", *out, "--json")
    again = totetaxi("db", "backup", *out)
    restored = totetaxi("db", "restore", out[1], "--database-url", empty_database_url, "--json")
    refused = totetaxi("db", "restore", out[1])
    checked = totetaxi("db", "check", DATABASE_URL=empty_database_url)

    assert (written.code, restored.code, checked.code) == (0, 0, 0)
    facts = {name: value for name, value in written.json.items() if name != "took_s"}
    assert restored.json.items() >= facts.items()
    assert facts["acts_head"].startswith("1:")
    assert facts["ledger_sum_cents"] == 0
    assert again.errors == [f"backup_exists: {out[1]} is there already"]
    assert (refused.code, refused.errors[-1].split(":")[0]) == (1, "database_not_empty")


def test_given_a_backup_when_rehearsed_then_it_was_restored_and_no_database_of_ours_touched(
    totetaxi: Runner, tmp_path: Path
) -> None:
    totetaxi("db", "backup", "--out", str(tmp_path / "every" / "night"))
    (path,) = tmp_path.glob("every/night/totetaxi-*.tar")
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    rehearsed = totetaxi("db", "verify", str(path), "--rehearse", **nowhere)
    path.write_bytes(path.read_bytes()[:-20_000])
    broken = totetaxi("db", "verify", str(path), **nowhere)

    assert rehearsed.code == 0
    assert "comparing with the manifest" in rehearsed.err
    assert (broken.code, broken.errors[-1].split(":")[0]) == (1, "backup_broken")


def test_given_a_role_that_may_not_when_backed_up_or_restored_then_it_says_so_in_one_line(
    totetaxi: Runner, tmp_path: Path, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA public TO reader")
    reader = make_url(database_url).set(username="reader").render_as_string(hide_password=False)

    totetaxi("db", "backup", "--out", str(tmp_path / "good.tar"))
    refused = totetaxi("db", "backup", "--out", str(tmp_path / "b.tar"), DATABASE_URL=reader)
    unforced = totetaxi("db", "restore", str(tmp_path / "good.tar"), "--force", DATABASE_URL=reader)

    assert refused.code == 1
    assert refused.errors[-1].startswith("database_refused: ")
    assert "permission denied" in refused.errors[-1]
    assert not (tmp_path / "b.tar").exists()
    assert (unforced.code, unforced.errors[-1].split(":")[0]) == (1, "database_refused")


def test_given_a_file_of_another_kind_when_restored_then_it_is_refused_in_one_line(
    totetaxi: Runner, tmp_path: Path
) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("no backup")

    refused = totetaxi("db", "restore", str(other), "--force")
    missing = totetaxi("db", "restore", str(tmp_path / "none.tar"))

    assert (refused.code, missing.code) == (1, 1)
    assert refused.err.startswith("backup_broken: ")
    assert missing.err.startswith("system_error: ")


@pytest.mark.parametrize(
    "command",
    [
        ("serve",),
        ("serve", "--workers", "2"),
        ("worker",),
        ("db", "upgrade"),
        ("db", "check"),
        ("db", "backup"),
        ("reports", "trial-balance"),
        ("doctor",),
    ],
)
def test_given_a_restore_that_was_killed_when_anything_starts_then_it_says_what_to_do(
    totetaxi: Runner, tmp_path: Path, database_url: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / "kept.tar"
    totetaxi("db", "backup", "--out", str(path))
    kill_restore("emptied", path, database_url)

    refused = totetaxi(*command)

    assert refused.code == 1
    assert "restore_unfinished" in refused.out + refused.err
    assert "`totetaxi db restore FILE --force` again" in refused.out + refused.err
    assert "`totetaxi db put-back`" in refused.out + refused.err


def test_given_a_restore_that_was_killed_when_put_back_then_all_goes_on_as_before(
    totetaxi: Runner, tmp_path: Path, database_url: str
) -> None:
    path = tmp_path / "kept.tar"
    totetaxi("db", "backup", "--out", str(path))
    kill_restore("emptied", path, database_url)

    back = totetaxi("db", "put-back")
    again = totetaxi("db", "put-back")

    assert (back.code, totetaxi("db", "check").code) == (0, 0)
    assert "as before the restore, at migration" in back.out
    assert (again.code, again.errors[0].split(":")[0]) == (1, "no_unfinished_restore")
