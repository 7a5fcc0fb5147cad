"""What cannot be read is told apart from what is well, and hides nothing else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
from prometheus_client.parser import text_string_to_metric_families

from tests.builders import an_effect
from totetaxi_adapters.metrics.exposition import Exposition
from totetaxi_adapters.settings import Settings, settings_from
from totetaxi_adapters.wiring import wired

Sample = dict[str, float]


def settings(folder: Path, **given: str) -> Settings:
    return settings_from(
        {"TOTETAXI_DATA_DIR": str(folder), "STRIPE_API_BASE": "http://127.0.0.1:9", **given}
    )


async def told(settings: Settings, database_url: str) -> tuple[dict[str, Sample], Sample]:
    """Return the samples of each metric by their first label, and `totetaxi_figures_read`."""
    async with wired(settings, database_url) as wiring:
        text = (await Exposition(wiring).text()).decode()
    families = {
        family.name: {next(iter(one.labels.values()), ""): one.value for one in family.samples}
        for family in text_string_to_metric_families(text)
    }
    return families, families["totetaxi_figures_read"]


async def test_given_a_table_that_is_locked_when_asked_then_its_figures_alone_are_unknown(
    database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE owed_effects IN ACCESS EXCLUSIVE MODE")
        families, read = await told(settings(tmp_path, DATABASE_TIMEOUT_S="1"), database_url)

    assert [name for name, is_read in read.items() if not is_read] == ["outbox"]
    assert families["totetaxi_database_up"] == {"": 1.0}
    assert "totetaxi_owed_effects" not in families
    assert {"totetaxi_holds", "totetaxi_last_beat_timestamp_seconds"} <= families.keys()


async def test_given_a_figure_that_breaks_unforeseen_when_asked_then_it_alone_is_unknown(
    database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("ALTER TABLE owed_effects RENAME COLUMN attempts TO tries")

    families, read = await told(settings(tmp_path), database_url)

    assert [name for name, is_read in read.items() if not is_read] == ["outbox"]
    assert "totetaxi_holds" in families


async def test_given_a_reminder_of_next_month_when_asked_then_it_is_told_apart_from_what_is_due(
    database_url: str, tmp_path: Path
) -> None:
    async with wired(settings(tmp_path), database_url) as wiring:
        now = wiring.ports.clock()
        async with wiring.ports.unit_of_work() as uow:
            await uow.outbox.owe(replace(an_effect(at=now), due_at=now + timedelta(days=30)))
            await uow.outbox.owe(an_effect(at=now - timedelta(minutes=2)))
            await uow.commit()

    families, _ = await told(settings(tmp_path), database_url)

    of_state = {"due": 1.0, "retrying": 0.0, "later": 1.0, "waiting": 0.0, "failed": 0.0}
    assert families["totetaxi_owed_effects"] == of_state
    assert families["totetaxi_owed_effects_overdue_seconds"][""] >= timedelta(minutes=2).seconds


async def test_given_a_certificate_nobody_shows_when_asked_then_it_is_unknown(
    database_url: str, tmp_path: Path
) -> None:
    families, read = await told(
        settings(tmp_path, PUBLIC_BASE_URL="https://127.0.0.1:9"), database_url
    )

    assert read["certificate"] == 0
    assert "totetaxi_certificate_ends_timestamp_seconds" not in families


async def test_given_an_address_without_certificate_when_asked_then_nothing_is_unknown(
    database_url: str, tmp_path: Path
) -> None:
    _, read = await told(settings(tmp_path), database_url)

    assert set(read.values()) == {1.0}
    assert {"certificate", "ledger", "outbox", "queues"} <= read.keys()
