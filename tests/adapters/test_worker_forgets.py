from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from structlog.testing import capture_logs

from tests.adapters.postgres.server_view import fetch
from tests.adapters.unerasable import store_carts
from tests.builders import NOW
from totetaxi_adapters import worker
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_adapters.worker import register_tasks

OLD = """
    INSERT INTO provider_events VALUES ('evt_old', 'k', '2020-01-01'), ('evt_new', 'k', now());
    INSERT INTO rate_limits VALUES ('old', 1, '2020-01-01'), ('new', 1, now() + interval '1 hour');
"""


async def test_given_what_is_past_its_time_when_the_worker_forgets_then_that_alone_goes(
    database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(OLD.encode())
    settings = settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)})
    round_of = SimpleNamespace(job=SimpleNamespace(id=1))

    async with wired(settings, database_url) as wiring:
        register_tasks(wiring)
        await wiring.jobs.tasks["forget"].func(round_of, timestamp=0)

    assert fetch(database_url, "SELECT id FROM provider_events") == [("evt_new",)]
    assert fetch(database_url, "SELECT key FROM rate_limits") == [("new",)]
    beats = fetch(database_url, "SELECT name FROM heartbeats WHERE name = 'forget'")
    assert beats == [("forget",)]


async def test_given_a_booking_that_cannot_be_erased_when_the_worker_forgets_then_the_rest_goes(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)})
    round_of = SimpleNamespace(job=SimpleNamespace(id=1))

    async with wired(settings, database_url) as wiring:
        broken, other = await store_carts(wiring)
        register_tasks(wiring)
        with capture_logs() as logs:
            await wiring.jobs.tasks["forget"].func(round_of, timestamp=0)

    stays = fetch(database_url, "SELECT id FROM bookings WHERE contact_email <> ''")
    assert stays == [(broken,)]
    assert other != broken
    assert [(one["event"], one.get("booking_id"), one["code"]) for one in logs] == [
        ("booking_not_erased", str(broken), "ProgrammingError"),
        ("upkeep_refused", None, "bookings_not_erased"),
    ]
    beats = fetch(database_url, "SELECT last_error FROM heartbeats WHERE name = 'forget'")
    assert beats == [("bookings_not_erased",)]


async def test_given_a_round_that_breaks_off_when_asked_then_what_broke_it_is_kept_and_no_beat(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)})
    round_of = SimpleNamespace(job=SimpleNamespace(id=1))

    async def broken(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr(worker, "sweep_all", broken)
    async with wired(settings, database_url) as wiring:
        register_tasks(wiring)
        await wiring.heartbeats.beat("forget", at=NOW)
        with pytest.raises(KeyError):
            await wiring.jobs.tasks["forget"].func(round_of, timestamp=0)

        assert await wiring.heartbeats.errors() == {"forget": "KeyError"}
        assert await wiring.heartbeats.last("forget") == NOW
