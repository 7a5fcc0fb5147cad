"""The record of staff acts on the command line."""

import psycopg
import pytest

from tests.cli.conftest import Runner
from tests.cli.staffing import hire

AS_ROOT = ("--as", "root")


@pytest.fixture
def staffed(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The command line of a house with three acts on record."""
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "maria", "finance", *AS_ROOT)
    hire(totetaxi, monkeypatch, "lou", "operations", *AS_ROOT)
    return totetaxi


def test_given_acts_when_listed_then_who_what_and_from_where_are_told(staffed: Runner) -> None:
    told = staffed("audit", "list").out
    first = staffed("audit", "list", "--limit", "2", "--json").json
    rest = staffed("audit", "list", "--before", str(first["next"]), "--json").json

    assert "staff created: maria" in told
    assert [act["position"] for act in (*first["results"], *rest["results"])] == [3, 2, 1]
    assert rest["next"] is None
    assert "@" in first["results"][0]["user_agent"]
    assert first["results"][0]["after"]["role"] == "operations"


def test_given_filters_when_listed_then_only_those_come(staffed: Runner) -> None:
    def positions(*options: str) -> list[int]:
        listed = staffed("audit", "list", *options, "--json").json["results"]
        return [act["position"] for act in listed]

    assert positions("--by", "ROOT") == [3, 2]
    assert positions("--by", "system", "--action", "staff_created") == [1]
    assert positions("--refused") == []
    assert positions("--to", "2020-01-01") == []
    assert positions("--from", "2020-01-01", "--limit", "1") == [3]
    assert staffed("audit", "list", "--booking", "TT-00000000").err.startswith("booking_not_found")


def test_given_an_untouched_record_when_verified_then_it_is_intact_and_its_head_is_told(
    staffed: Runner,
) -> None:
    verified = staffed("audit", "verify")
    head = staffed("audit", "verify", "--json").json["head"]
    again = staffed("audit", "verify", "--head", head)

    assert (verified.code, again.code) == (0, 0)
    assert verified.out == f"intact: 3 acts; head {head}\n"
    assert head.startswith("3:")


def test_given_a_record_that_was_edited_when_verified_then_exit_1_and_it_says_where(
    staffed: Runner, database_url: str
) -> None:
    head = staffed("audit", "verify", "--json").json["head"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE staff_acts DISABLE TRIGGER ALL")
        connection.execute("UPDATE staff_acts SET description = 'nothing' WHERE position = 1")
        connection.execute("DELETE FROM staff_acts WHERE position = 3")

    verified = staffed("audit", "verify", "--head", head)
    faults = staffed("audit", "verify", "--head", head, "--json")

    assert verified.code == faults.code == 1
    assert verified.out.splitlines()[:2] == [
        "act 1: changed",
        "act 3: not what the exported head says: the end was cut",
    ]
    assert faults.json["intact"] is False
    assert [fault["kind"] for fault in faults.json["faults"]] == ["changed", "cut"]


def test_given_no_head_when_verified_against_then_it_is_refused(totetaxi: Runner) -> None:
    refused = totetaxi("audit", "verify", "--head", "yesterday")

    assert refused.code == 2  # 1 would say that the record was edited
    assert "--head" in refused.err


def test_given_an_act_when_erased_then_its_values_are_gone_and_the_record_intact(
    staffed: Runner,
) -> None:
    erased = staffed("audit", "erase", "2", "--reason", "she left", *AS_ROOT)
    missing = staffed("audit", "erase", "99", "--reason", "she left", *AS_ROOT)

    listed = staffed("audit", "list", "--json").json["results"]
    assert erased.out == "erased the values of act 2\n"
    assert missing.err == "act_not_found: there is no act 99\n"
    assert listed[3]["is_erased"] is True
    assert listed[3]["description"] == ""
    assert [one["action_type"] for one in listed[:2]] == ["erase_staff_acts", "act_erased"]
    assert staffed("audit", "verify").code == 0
    assert "(erased)" in staffed("audit", "list").out
