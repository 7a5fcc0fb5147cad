import subprocess
import sys

import pytest

from tests.cli.conftest import Runner

HEAVY = ("litestar", "sqlalchemy", "stripe", "alembic", "attrs", "cattrs", "httpx", "uvicorn")
COMMANDS = [
    ("serve",),
    ("worker",),
    ("demo",),
    ("quote",),
    ("availability",),
    ("dashboard",),
    ("doctor",),
    ("simulate",),
    ("db", "upgrade"),
    ("db", "check"),
    ("bookings", "create"),
    ("bookings", "list"),
    ("bookings", "show"),
    ("bookings", "cancel"),
    ("bookings", "confirm"),
    ("bookings", "start"),
    ("bookings", "complete"),
    ("bookings", "note"),
    ("explain",),
    ("customers", "list"),
    ("customers", "vip"),
    ("customers", "show"),
    ("customers", "note"),
    ("customers", "contact"),
    ("payments", "link"),
    ("payments", "list"),
    ("refunds", "request"),
    ("refunds", "approve"),
    ("refunds", "reject"),
    ("refunds", "list"),
    ("reports", "revenue"),
    ("reports", "lead-time"),
    ("reports", "customers"),
    ("reports", "trial-balance"),
    ("reconcile",),
    ("pricebook", "show"),
    ("pricebook", "history"),
    ("pricebook", "export"),
    ("pricebook", "diff"),
    ("pricebook", "lint"),
    ("pricebook", "simulate"),
    ("pricebook", "publish"),
    ("pricebook", "rollback"),
    ("pricebook", "withdraw"),
    ("codes", "list"),
    ("codes", "show"),
    ("codes", "create"),
    ("codes", "limit"),
    ("codes", "pause"),
    ("codes", "resume"),
    ("codes", "uses"),
    ("dispatch", "plan"),
    ("dispatch", "dashboard"),
    ("dispatch", "board"),
    ("dispatch", "tasks", "list"),
    ("dispatch", "tasks", "show"),
    ("dispatch", "create"),
    ("dispatch", "sync"),
    ("dispatch", "workers"),
    ("dispatch", "webhooks"),
    ("documents", "list"),
    ("documents", "add"),
    ("documents", "get"),
    ("documents", "remove"),
    ("messages", "preview"),
    ("jobs", "list"),
    ("jobs", "retry"),
    ("staff", "create"),
    ("staff", "list"),
    ("staff", "change"),
    ("staff", "disable"),
    ("staff", "enable"),
    ("staff", "set-password"),
    ("audit", "list"),
    ("audit", "verify"),
    ("audit", "erase"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_given_a_command_when_help_is_asked_then_it_has_an_example(
    totetaxi: Runner, command: tuple[str, ...]
) -> None:
    helped = totetaxi(*command, "--help")

    assert helped.code == 0
    assert f"Usage: totetaxi {' '.join(command)}" in helped.out
    assert "Example: " in helped.out
    assert f"totetaxi {' '.join(command)}" in helped.out.split("Example: ")[1]


def test_given_no_command_when_run_then_every_command_is_listed(totetaxi: Runner) -> None:
    helped = totetaxi()

    assert helped.code == 2
    assert {command[0] for command in COMMANDS} <= set(helped.out.split())


def test_given_help_alone_when_asked_then_nothing_heavy_is_imported() -> None:
    program = f"import sys, totetaxi_cli.main; print({HEAVY} & sys.modules.keys())"
    program = program.replace(str(HEAVY), repr(set(HEAVY)))

    run = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "set()"
