"""What is owed and in trouble, on the command line."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from tests.cli.conftest import Runner

AS_MARIA = ("--as", "maria")


def test_given_effects_in_trouble_when_listed_then_each_says_what_since_when_and_why(
    totetaxi: Runner, database_url: str
) -> None:
    failed = _owe("failed", database_url, error="intent_not_found: no such intent")
    late = _owe("due", database_url)
    _owe("done", database_url)

    listed = totetaxi("jobs", "list")
    results = totetaxi("jobs", "list", "--json").json["results"]

    assert listed.code == 0
    assert "intent_not_found: no such intent" in listed.out
    assert str(failed) in listed.out
    assert {one["id"] for one in results} == {str(failed), str(late)}
    [told] = [one for one in results if one["id"] == str(failed)]
    assert (told["kind"], told["state"], told["attempts"]) == ("settle_intent", "failed", 3)
    assert told["subject"] == {"intent_id": "pi_1"}


def test_given_more_in_trouble_than_are_listed_when_listed_then_that_is_said(
    totetaxi: Runner, database_url: str
) -> None:
    for _ in range(3):
        _owe("failed", database_url, error="it broke")

    some, every = (totetaxi("jobs", "list", "--limit", limit) for limit in ("2", "3"))
    told = totetaxi("jobs", "list", "--limit", "2", "--json").json

    assert (some.out.count("it broke"), every.out.count("it broke")) == (2, 3)
    assert "the oldest 2; more are in trouble" in some.out
    assert "more are in trouble" not in every.out
    assert (len(told["results"]), told["has_more"]) == (2, True)


def test_given_a_failed_effect_when_retried_then_it_is_due_again_and_who_did_it_is_on_record(
    totetaxi: Runner, database_url: str
) -> None:
    failed = _owe("failed", database_url, error="it broke")

    retried = totetaxi("jobs", "retry", str(failed), *AS_MARIA, "--json")
    again = totetaxi("jobs", "retry", str(failed), *AS_MARIA)

    with psycopg.connect(database_url) as connection:
        acts = connection.execute(
            "SELECT staff_name, action_type FROM staff_acts ORDER BY position"
        ).fetchall()
    assert (retried.code, retried.json["state"]) == (0, "due")
    assert (again.code, again.err.split(":")[0]) == (1, "effect_not_failed")
    assert acts == [("maria", "effect_retried"), ("maria", "retry_jobs")]


def test_given_no_such_effect_when_retried_then_one_line_says_so(totetaxi: Runner) -> None:
    refused = totetaxi("jobs", "retry", str(uuid4()), *AS_MARIA)

    assert refused.code == 1
    assert refused.err.startswith("effect_not_found: ")
    assert refused.err.count("\n") == 1


def _owe(state: str, database_url: str, *, error: str | None = None) -> UUID:
    effect_id, at = uuid4(), datetime.now(UTC) - timedelta(hours=1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO owed_effects (id, kind, cause, payload, state, attempts, created_at,"
            " due_at, done_at, last_error) VALUES (%s, 'settle_intent', %s,"
            """ '{"intent_id": "pi_1"}', %s, 3, %s, %s, %s, %s)""",
            (effect_id, str(effect_id), state, at, at, at if state == "done" else None, error),
        )
    return effect_id
