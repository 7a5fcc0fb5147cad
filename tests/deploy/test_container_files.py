"""What Dockerfile, .dockerignore and compose.yaml promise together."""

import re
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.deploy.dockerfile import ROOT, Step, stages
from tests.deploy.prepared import pins
from totetaxi_adapters.http_server import DRAIN_S
from totetaxi_adapters.settings import settings_from

COMPOSE: Final[Any] = YAML(typ="safe", pure=True).load(ROOT / "compose.yaml")
SERVICES: Final[Any] = COMPOSE["services"]
OURS: Final = ("migrate", "api", "worker")
DEFAULT = re.compile(r"\$\{\w+:-((?:[^${}]|\$\{[^}]*\})*)\}")


def last(instruction: str) -> Step:
    return [step for step in stages()[-1] if step.instruction == instruction][-1]


def filled_in(value: str) -> str:
    """Return what compose makes of a value when nothing is set."""
    while (made := DEFAULT.sub(r"\1", value)) != value:
        value = made
    return value


def test_given_the_dockerfile_when_read_then_what_it_copies_is_there_and_let_in() -> None:
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }

    copied = [
        source
        for stage in stages()
        for step in stage
        if step.instruction == "COPY" and "from" not in step.options
        for source in step.plain[:-1]
    ]

    assert copied != []
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {source.split("/")[0] for source in copied} == let_in


def test_given_the_image_when_it_runs_then_it_is_not_root_and_probes_liveness() -> None:
    health = last("HEALTHCHECK").words

    script = ROOT / "deploy" / "health_check.py"

    assert last("USER").words == ("10001:10001",)
    assert last("ENTRYPOINT").words == ("[/opt/totetaxi/deploy/entrypoint.sh]",)
    assert health[-1].strip("[]").endswith(f"deploy/{script.name}")
    assert '"/health/live"' in script.read_text()


def test_given_the_last_stage_when_read_then_it_installs_nothing_and_has_no_compiler() -> None:
    ran = [" ".join(step.plain) for step in stages()[-1] if step.instruction == "RUN"]

    bases = [stage[0].words[0] for stage in stages()]

    assert ran == ["deploy/make_account.sh /", "deploy/check_image.py --account"]
    assert set(bases) == {"python:3.11-slim-trixie"}


def test_given_the_tools_that_build_when_locked_then_they_are_those_of_development() -> None:
    development = pins(ROOT / "requirements" / "dev.lock")

    building = pins(ROOT / "requirements" / "build.lock")

    assert "hatchling" in building
    assert building.items() <= development.items()


@pytest.mark.parametrize("name", OURS)
def test_given_one_of_our_services_when_composed_then_its_settings_can_be_used(name: str) -> None:
    service = SERVICES[name]

    given = {key: filled_in(value) for key, value in service["environment"].items()}
    settings = settings_from(given)

    assert settings.database_url is not None
    assert settings.database_url.reveal() == (
        "postgresql://totetaxi:totetaxi@postgres:5432/totetaxi"
    )
    assert settings.public_base_url == "http://localhost:8000"
    assert service["read_only"] is True
    assert int(service["stop_grace_period"].removesuffix("s")) > DRAIN_S


def test_given_the_services_when_composed_then_each_waits_for_what_it_needs() -> None:
    needs = {name: dict(SERVICES[name]["depends_on"]) for name in OURS}

    ports = {name: [filled_in(port) for port in SERVICES[name].get("ports", ())] for name in needs}

    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    assert needs["migrate"] == {"postgres": {"condition": "service_healthy"}}
    assert (needs["api"], needs["worker"]) == (migrated, migrated)
    assert ports["api"] == ["127.0.0.1:8000:8000"]
    assert SERVICES["postgres"]["ports"] == ["127.0.0.1:5435:5432"]
    assert "pg_isready" in SERVICES["postgres"]["healthcheck"]["test"][1]


def test_given_the_commands_when_composed_then_the_work_is_left_to_the_worker() -> None:
    commands = {name: SERVICES[name]["command"][0] for name in OURS}

    assert commands == {"migrate": "db", "api": "serve", "worker": "worker"}
    assert "--no-worker" in SERVICES["api"]["command"]


def test_given_the_services_when_composed_then_one_builds_the_image_that_all_three_share() -> None:
    images = {SERVICES[name]["image"] for name in OURS}

    built = [name for name in OURS if "build" in SERVICES[name]]

    assert len(images) == 1
    assert built == ["migrate"]
    assert {SERVICES[name]["pull_policy"] for name in OURS} == {"never"}


def test_given_what_keeps_running_when_composed_then_its_health_can_be_waited_for() -> None:
    checks = {name: SERVICES[name]["healthcheck"] for name in ("postgres", "api", "worker")}

    disabled = [name for name, check in checks.items() if check.get("disable") is True]

    assert disabled == []
    assert all(check["test"][0] in {"CMD", "CMD-SHELL"} for check in checks.values())
