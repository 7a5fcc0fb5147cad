import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.cli.conftest import Outcome, Runner
from totetaxi_adapters.worker import SCHEDULE

REFUSES_ALL = """
    INSERT INTO sandbox.{}_faults (action, method, path, event, delay_s, status)
    VALUES ('refuse', '%', '%', '%', 0, 503)
"""


def test_given_a_sound_house_when_examined_then_it_passes_with_a_word_on_the_worker(
    totetaxi: Runner,
) -> None:
    examined = totetaxi("doctor", "--json")

    verdicts = {check["name"]: check["verdict"] for check in examined.json["checks"]}
    assert (examined.code, examined.json["ok"]) == (0, True)
    assert verdicts.pop("disk") in ("ok", "warn")
    assert verdicts == {
        "time zones": "ok",
        "settings": "ok",
        "database": "ok",
        "migrations": "ok",
        "postgresql": "ok",
        "clock": "ok",
        "price book": "ok",
        "worker": "warn",
        "scheduler": "warn",
        **dict.fromkeys(SCHEDULE, "warn"),
        "reconcile": "ok",  # nobody waits yet for the first round of a long rhythm
        "forget": "ok",
        "sweep_uploads": "ok",
        "stripe": "ok",
        "onfleet": "ok",
        "outbox": "ok",
        "retention": "ok",
        "messages": "ok",
        "mail": "ok",
        "texts": "ok",
        "files": "ok",
        "certificate": "ok",
    }


def test_given_a_database_that_is_behind_when_examined_then_it_fails_with_advice(
    totetaxi: Runner, empty_database_url: str
) -> None:
    examined = totetaxi("doctor", DATABASE_URL=empty_database_url)

    assert examined.code == 1
    assert "fail  migrations     without any table" in examined.out
    assert "-> run `totetaxi db upgrade`" in examined.out


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("DATABASE_URL", "postgresql://127.0.0.1:1/totetaxi", "database"),
        ("DATABASE_URL", "mysql://127.0.0.1/totetaxi", "settings"),
        ("PORT", "http", "settings"),
    ],
)
def test_given_something_broken_when_examined_then_that_check_fails(
    totetaxi: Runner, setting: str, value: str, name: str
) -> None:
    examined = totetaxi("doctor", "--json", **{setting: value})

    failed = [check for check in examined.json["checks"] if check["verdict"] == "fail"]
    assert examined.code == 1
    assert [check["name"] for check in failed] == [name]
    assert failed[0]["advice"]


def test_given_keys_that_reach_nobody_when_examined_then_stripe_fails(totetaxi: Runner) -> None:
    examined = totetaxi(
        "doctor",
        "--json",
        STRIPE_SECRET_KEY="sk_test_nobody",
        STRIPE_API_BASE="http://127.0.0.1:1",
    )

    stripe = next(check for check in examined.json["checks"] if check["name"] == "stripe")
    assert (examined.code, stripe["verdict"]) == (1, "fail")
    assert "payment_unavailable" in stripe["message"]
    assert "sk_test_nobody" not in examined.out


def test_given_a_key_that_reaches_nobody_when_examined_then_onfleet_fails(
    totetaxi: Runner,
) -> None:
    examined = totetaxi(
        "doctor",
        "--json",
        ONFLEET_API_KEY="key_of_nobody",
        ONFLEET_API_BASE="http://127.0.0.1:1",
        ONFLEET_MOCK_MODE="false",
    )

    onfleet = next(check for check in examined.json["checks"] if check["name"] == "onfleet")
    assert (examined.code, onfleet["verdict"]) == (1, "fail")
    assert "courier_unavailable" in onfleet["message"]
    assert "key_of_nobody" not in examined.out


def test_given_tasks_that_ran_or_stopped_or_never_ran_when_examined_then_each_says_since_when(
    totetaxi: Runner, database_url: str
) -> None:
    now = datetime.now(UTC)
    stopped_at = now - timedelta(hours=3, minutes=12, seconds=30)
    _store_end("sweep_effects", database_url, at=now)
    _store_end("expire_holds", database_url, at=stopped_at)

    examined = totetaxi("doctor", "--json")

    said = _said(examined)
    assert examined.code == 0  # outside production nobody need be working
    assert said["sweep_effects"][0] == "ok"
    assert said["sweep_effects"][1].startswith("last ran ")
    assert said["sweep_effects"][1].endswith(" s ago")
    assert said["expire_holds"] == (
        "warn",
        f"has not run since {stopped_at:%Y-%m-%d %H:%M} UTC (3 h 12 min): expected every 20 s",
    )
    assert said["check_payments"] == ("warn", "has never run: expected every 10 s")


def test_given_a_round_that_takes_its_time_when_examined_then_it_is_not_called_late(
    totetaxi: Runner, database_url: str
) -> None:
    at = datetime.now(UTC) - timedelta(seconds=50)
    _store_end("check_payments", database_url, at=at)

    assert _said(totetaxi("doctor", "--json"))["check_payments"][0] == "ok"


def test_given_effects_that_are_due_when_examined_then_it_says_how_many_and_since_when(
    totetaxi: Runner, database_url: str
) -> None:
    due_at = datetime.now(UTC) - timedelta(minutes=42, seconds=30)
    for minutes in range(2):
        later = due_at + timedelta(minutes=minutes)
        _owe("settle_intent", database_url, due_at=later, attempts=1)

    said = _said(totetaxi("doctor", "--json"))

    since = f"due since {due_at:%Y-%m-%d %H:%M} UTC (42 min)"
    assert said["outbox"] == ("warn", f"2 due, 0 retrying, 0 later, 0 waiting, 0 failed; {since}")


def test_given_refunds_tried_in_vain_for_long_when_examined_then_doctor_names_their_kind(
    totetaxi: Runner, database_url: str
) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=9)
    _owe("send_refund", database_url, due_at=soon, attempts=9, error="e")

    said = _said(totetaxi("doctor", "--json"))

    assert said["outbox"] == (
        "warn",
        "0 due, 1 retrying, 0 later, 0 waiting, 0 failed; failing for minutes: 1 send_refund",
    )


def test_given_reminders_of_next_month_when_examined_then_doctor_does_not_call_them_due(
    totetaxi: Runner, database_url: str
) -> None:
    _owe("send_message", database_url, due_at=datetime.now(UTC) + timedelta(days=30))

    said = _said(totetaxi("doctor", "--json"))

    assert said["outbox"] == ("ok", "0 due, 0 retrying, 1 later, 0 waiting, 0 failed")


@pytest.mark.parametrize(
    ("provider", "code"), [("stripe", "payment_unavailable"), ("onfleet", "courier_unavailable")]
)
def test_given_a_sandbox_that_refuses_when_examined_then_its_provider_fails(
    totetaxi: Runner, database_url: str, provider: str, code: str
) -> None:
    well = _said(totetaxi("doctor", "--json"))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(REFUSES_ALL.format(provider).encode())

    examined = totetaxi("doctor", "--json")

    said = _said(examined)
    others = {"stripe", "onfleet"} - {provider}
    assert {well["stripe"][0], well["onfleet"][0]} == {"ok"}
    assert (examined.code, said[provider][0]) == (1, "fail")
    assert said[provider][1].startswith("the sandbox (")
    assert code in said[provider][1]
    assert [said[other] for other in others] == [well[other] for other in others]


def test_given_a_round_that_was_refused_when_examined_then_doctor_warns_and_says_the_code(
    totetaxi: Runner, database_url: str
) -> None:
    now = datetime.now(UTC)
    _store_end("check_tasks", database_url, at=now, error="courier_unavailable")
    _store_end("sweep_effects", database_url, at=now - timedelta(hours=2), error="KeyError")

    said = _said(totetaxi("doctor", "--json"))

    verdict, message = said["check_tasks"]
    assert verdict == "warn"
    assert re.fullmatch(r"last ran \d+ s ago; the last round met courier_unavailable", message)
    verdict, message = said["sweep_effects"]
    assert verdict == "warn"
    assert message.endswith(": expected every 10 s; the last round met KeyError")


def _owe(
    kind: str, database_url: str, *, due_at: datetime, attempts: int = 0, error: str | None = None
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO owed_effects (id, kind, cause, payload, state, attempts, created_at,"
            " due_at, last_error) VALUES (%s, %s, %s, '{}', 'due', %s, %s, %s, %s)",
            (uuid4(), kind, str(uuid4()), attempts, datetime.now(UTC), due_at, error),
        )


def _store_end(task: str, database_url: str, *, at: datetime, error: str | None = None) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO heartbeats VALUES (%s, %s, %s)", (task, at, error))


def _said(examined: Outcome) -> dict[str, tuple[str, str]]:
    checks = examined.json["checks"]
    return {check["name"]: (check["verdict"], check["message"]) for check in checks}


def test_given_a_mail_server_nobody_answers_at_when_examined_then_mail_fails_without_its_password(
    totetaxi: Runner,
) -> None:
    examined = totetaxi("doctor", "--json", EMAIL_URL="smtp://maria:hush-hush@127.0.0.1:1")

    assert examined.code == 1
    assert _said(examined)["mail"][0] == "fail"
    assert "hush-hush" not in examined.out


def test_given_a_folder_for_files_that_is_none_when_examined_then_files_fail(
    totetaxi: Runner, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")

    examined = totetaxi("doctor", "--json", STORAGE_URL=f"file://{tmp_path}/taken")

    assert examined.code == 1
    assert _said(examined)["files"][0] == "fail"
    assert _said(totetaxi("doctor", "--json"))["files"] == (
        "ok",
        "the folder of files takes and gives them",
    )
