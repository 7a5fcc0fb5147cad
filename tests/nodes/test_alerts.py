"""What Prometheus makes of our rules: promtool is of the Debian package prometheus."""

import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"


def promtool(*arguments: str, folder: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *arguments],  # noqa: S607  wherever the package put it
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml")]
)
def test_given_our_files_when_prometheus_reads_them_then_it_takes_them(
    arguments: tuple[str, ...],
) -> None:
    read = promtool(*arguments)

    assert read.returncode == 0, read.stdout + read.stderr


def test_given_our_rules_when_time_is_played_then_each_alert_fires_when_it_should() -> None:
    played = promtool("test", "rules", "alerts.test.yml")

    assert played.returncode == 0, played.stdout + played.stderr
    assert "SUCCESS" in played.stdout


def test_given_a_rule_that_fires_later_when_time_is_played_then_its_test_fails(
    tmp_path: Path,
) -> None:
    for name in ("alerts.yml", "alerts.test.yml"):
        text = (FOLDER / name).read_text()
        (tmp_path / name).write_text(text.replace('name=~"worker|scheduler"}) > 60', "}) > 600"))

    played = promtool("test", "rules", "alerts.test.yml", folder=tmp_path)

    assert played.returncode != 0
    assert "TotetaxiWorkerDead" in played.stdout + played.stderr
