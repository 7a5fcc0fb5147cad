"""The same seed again: the same bytes, in every process."""

import os
import subprocess
import sys

import pytest

from tests.simulation.planted_bugs import crews_not_freed
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.report import report
from totetaxi_adapters.simulation.shrink import shortest
from totetaxi_adapters.simulation.simulation import simulate

SEEDS = range(1, 9)
TELL_ALL = f"""
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.simulation import simulate
for seed in {SEEDS!r}:
    outcome = simulate(History.of(seed, steps=200))
    print(*outcome.lines, outcome.digest, sep=chr(10))
"""


def told(hash_seed: str) -> bytes:
    """Return what another process tells, whose sets and dicts are in another order."""
    environ = {**os.environ, "PYTHONHASHSEED": hash_seed}
    ended = subprocess.run(
        [sys.executable, "-c", TELL_ALL], env=environ, capture_output=True, check=True
    )
    return ended.stdout


def test_given_the_same_seeds_when_run_in_other_processes_then_they_tell_the_same_bytes() -> None:
    first = told("1")

    second = told("2")

    assert first == second
    assert first.count(b"customer books") > 50


def test_given_other_seeds_when_run_then_their_digests_differ() -> None:
    digests = {simulate(History.of(seed, steps=100)).digest for seed in SEEDS}

    assert len(digests) == len(SEEDS)


def test_given_a_breach_when_found_again_then_the_report_is_the_same_to_the_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crews_not_freed(monkeypatch)
    reports = []

    for _ in range(2):
        found = shortest(simulate(History.of(1, steps=300)), simulate)
        reports.append("\n".join(report(found)).encode())

    assert reports[0] == reports[1]
    assert reports[0].startswith(b"seed 1 breaks a promise: no oversell")
