"""Members of staff on the command line, and in whose name commands are done."""

from io import StringIO

import psycopg
import pytest

from tests.cli.conftest import Processes, Runner, open_starts, order_of
from tests.cli.staffing import PASSWORD, hire

AS_ROOT = ("--as", "root")
NO_SUCH = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def staffed(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The command line of a house with an admin called root, and maria of logistics."""
    assert hire(totetaxi, monkeypatch, "root", "admin").code == 0
    assert hire(totetaxi, monkeypatch, "maria", "logistics", *AS_ROOT).code == 0
    return totetaxi


def test_given_nobody_when_staff_are_created_then_they_are_listed_without_passwords(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    root = hire(totetaxi, monkeypatch, "root", "admin", "--json")
    flagged = hire(
        totetaxi,
        monkeypatch,
        "Maria",
        "finance",
        *("--flag", "can_approve_refunds", "--flag", "can_manage_pricing"),
        *("--phone", "(212) 736-5000", "--hire-date", "2026-01-05", *AS_ROOT),
    )

    listed = totetaxi("staff", "list", "--json").json["results"]

    with psycopg.connect(database_url) as connection:
        hashes = connection.execute("SELECT password_hash FROM staff_accounts").fetchall()
    assert (root.code, root.json["role"], flagged.code) == (0, "admin", 0)
    assert [one["username"] for one in listed] == ["Maria", "root"]
    assert listed[0]["flags"] == ["can_approve_refunds", "can_manage_pricing"]
    assert (listed[0]["hire_date"], listed[0]["phone"]) == ("2026-01-05", "+12127365000")
    assert listed[0]["department"] == "Finance"
    assert "can_approve_refunds" in totetaxi("staff", "list").out
    assert PASSWORD not in root.out + flagged.out + str(listed)
    assert all(one.startswith("$argon2id$") for (one,) in hashes)


def test_given_nobody_when_the_first_is_no_admin_or_its_password_easy_then_it_is_refused(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    meek = hire(totetaxi, monkeypatch, "maria", "finance")
    easy = hire(totetaxi, monkeypatch, "root", "admin", password="easy")
    faulty = hire(totetaxi, monkeypatch, "ro ot", "admin", "--phone", "1")

    assert meek.err == "not_admin role: the first must be an admin\n"
    assert [line.split(" ")[0] for line in easy.errors] == [
        "too_short",
        "no_digit",
        "no_upper_case",
    ]
    assert [line.split(":")[0] for line in faulty.errors] == [
        "not_an_email email",
        "not_a_phone_number phone",
    ]
    assert (meek.code, easy.code, faulty.code) == (2, 2, 2)
    assert totetaxi("staff", "list", "--json").json["results"] == []


def test_given_a_root_when_another_is_created_in_nobodys_name_then_it_is_refused(
    staffed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = hire(staffed, monkeypatch, "eve", "admin")
    taken = hire(staffed, monkeypatch, "MARIA", "admin", *AS_ROOT)

    assert (refused.code, refused.err) == (
        1,
        "permission_denied: say who creates another account\n",
    )
    assert taken.err == "username_taken: this username is in use\n"


def test_given_an_account_when_changed_disabled_and_enabled_then_it_shows(
    staffed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = staffed(
        "staff", "change", "maria", "--role", "operations", "--flag", "can_manage_staff", *AS_ROOT
    )
    cleared = staffed("staff", "change", "maria", "--no-flags", *AS_ROOT, "--json")
    disabled = staffed("staff", "disable", "Maria", *AS_ROOT, "--json")
    enabled = staffed("staff", "enable", "maria", *AS_ROOT, "--json")
    monkeypatch.setattr("sys.stdin", StringIO("Another-horse-2\n"))
    renewed = staffed("staff", "set-password", "maria", *AS_ROOT)

    assert "can_manage_staff" in changed.out
    assert (cleared.json["role"], cleared.json["flags"]) == ("operations", [])
    assert (disabled.json["is_active"], enabled.json["is_active"]) == (False, True)
    assert renewed.code == 0
    assert "Another-horse-2" not in renewed.out
    assert staffed("staff", "change", "eve", "--role", "admin", *AS_ROOT).err.startswith(
        "staff_not_found: "
    )


def test_given_staff_when_somebody_reaches_above_then_exit_1_and_it_is_on_record(
    staffed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = staffed("staff", "change", "root", "--role", "finance", *AS_ROOT)
    hired = hire(staffed, monkeypatch, "eve", "admin", "--as", "maria")

    acts = staffed("audit", "list", "--refused", "--json").json["results"]

    assert (own.code, hired.code) == (1, 1)
    assert own.err == "permission_denied: root may not change what they may do themselves\n"
    assert hired.err == "permission_denied: maria may not manage staff\n"
    assert [(act["staff_name"], act["action_type"]) for act in acts] == [
        ("maria", "permission_denied"),
        ("root", "permission_denied"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        ("bookings", "cancel", "TT-00000000"),
        ("payments", "link", "TT-00000000"),
        ("refunds", "approve", NO_SUCH),
        ("refunds", "reject", NO_SUCH),
        ("jobs", "retry", NO_SUCH),
        ("staff", "disable", "root"),
        ("audit", "erase", "1", "--reason", "x"),
    ],
    ids=" ".join,
)
def test_given_accounts_when_a_command_is_given_in_a_name_that_may_not_then_it_is_refused(
    staffed: Runner, command: tuple[str, ...]
) -> None:
    stranger = staffed(*command, "--as", "mallory")
    without = staffed(*command, "--as", "maria")

    acts = staffed("audit", "list", "--refused", "--json").json["results"]

    assert stranger.err == "permission_denied: no member of staff is called mallory\n"
    assert without.err.startswith("permission_denied: maria may not ")
    assert (stranger.code, without.code) == (1, 1)
    assert [act["staff_name"] for act in acts] == ["maria", "mallory"]
    assert {act["channel"] for act in acts} == {"cli"}


def test_given_an_order_when_staff_who_may_not_place_it_then_nothing_is_booked(
    staffed: Runner,
) -> None:
    order = order_of(*open_starts(staffed)[-1])

    refused = staffed("bookings", "create", *order, "--as", "maria")

    assert refused.err == "permission_denied: maria may not create bookings\n"
    assert staffed("bookings", "list", "--json").json["results"] == []


def test_given_a_disabled_account_when_a_command_is_given_in_its_name_then_it_is_refused(
    staffed: Runner,
) -> None:
    staffed("staff", "change", "maria", "--role", "operations", *AS_ROOT)
    allowed = staffed("jobs", "retry", NO_SUCH, "--as", "MARIA")
    staffed("staff", "disable", "maria", *AS_ROOT)

    refused = staffed("jobs", "retry", NO_SUCH, "--as", "maria")

    assert allowed.err.startswith("effect_not_found: ")
    assert refused.err == "permission_denied: maria may not retry jobs\n"


def test_given_no_account_when_a_command_is_given_in_any_name_then_it_goes_on(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    retried = totetaxi("jobs", "retry", NO_SUCH, "--as", "anybody at all")
    managed = totetaxi("staff", "disable", "root", "--as", "anybody at all")
    hired = hire(totetaxi, monkeypatch, "root", "admin", "--as", "anybody at all")

    assert retried.err.startswith("effect_not_found: ")
    assert managed.err.startswith("staff_not_found: ")
    assert hired.code == 0


def test_given_no_input_when_a_password_is_wanted_then_it_is_refused(
    processes: Processes,
) -> None:
    person = ("--email", "r@totetaxi.example", "--first-name", "R", "--last-name", "Oot")

    refused = processes.run("staff", "create", "root", "--role", "admin", *person)

    assert refused.code == 2
    assert refused.errors[0].startswith("too_short password: ")
