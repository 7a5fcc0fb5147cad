"""Counts of several processes of one machine, as one."""

import os
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from totetaxi_adapters.metrics.meters import Meters
from totetaxi_adapters.metrics.shared_counts import SharedCounts, sharing_counts


def work(times: int) -> None:
    """Do what one process does: make its meters, and count."""
    meters = Meters()
    for _ in range(times):
        with meters.job("beat") as outcome:
            outcome.value = "done"


def told(counts: SharedCounts | None) -> str:
    assert counts is not None
    return generate_latest(counts.registry()).decode()


def test_given_two_processes_when_either_is_asked_then_it_tells_the_sum(tmp_path: Path) -> None:
    with sharing_counts(tmp_path) as one:
        work(2)
        with sharing_counts(tmp_path) as other:
            work(3)

            assert told(one) == told(other)
            assert 'totetaxi_jobs_total{outcome="done",task="beat"} 5.0' in told(one)
            assert 'totetaxi_job_duration_seconds_count{task="beat"} 5.0' in told(one)


def test_given_a_process_that_died_when_the_next_takes_its_place_then_no_total_drops(
    tmp_path: Path,
) -> None:
    with sharing_counts(tmp_path) as one:
        for _ in range(3):
            with sharing_counts(tmp_path):
                work(2)
        kept = sorted(path.name for path in (tmp_path / "metrics").glob("*.db"))

        assert 'totetaxi_jobs_total{outcome="done",task="beat"} 6.0' in told(one)
        assert kept == ["counter_0.db", "counter_1.db", "histogram_0.db", "histogram_1.db"]


def test_given_nobody_left_when_the_next_comes_then_counting_begins_anew(tmp_path: Path) -> None:
    with sharing_counts(tmp_path):
        work(4)

    with sharing_counts(tmp_path) as counts:
        work(1)

        assert 'totetaxi_jobs_total{outcome="done",task="beat"} 1.0' in told(counts)


def test_given_a_folder_that_cannot_be_had_when_joined_then_a_process_counts_for_itself(
    tmp_path: Path,
) -> None:
    (tmp_path / "metrics").write_text("in the way")

    with sharing_counts(tmp_path) as counts:
        meters = Meters()
        with meters.job("beat") as outcome:
            outcome.value = "done"

    assert counts is None
    assert b'totetaxi_jobs_total{outcome="done",task="beat"} 1.0' in generate_latest(
        meters.registry
    )


def test_given_a_disk_that_fills_up_later_when_counted_then_there_is_room_already(
    tmp_path: Path,
) -> None:
    with sharing_counts(tmp_path):
        work(1)
        files = [path.stat() for path in (tmp_path / "metrics").glob("*.db")]

    assert len(files) == 2
    assert all(file.st_blocks * 512 >= file.st_size >= 1 << 20 for file in files)


def test_given_a_disk_that_is_full_when_joined_then_a_process_counts_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pwrite", lambda *_: 4_096)  # as much as there was room for

    with sharing_counts(tmp_path) as counts:
        work(1)

    assert counts is None
