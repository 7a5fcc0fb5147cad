"""A database with something of everything in it, and a backup of that."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.adapters.backup.databases import AT, quiet, run
from tests.builders import a_ledger_entry, a_staff_act
from tests.conftest import PostgresUowFactory
from tests.contracts.storing import store_payment
from totetaxi_adapters.backup.back_up import back_up

SANDBOX: Final = "CREATE SCHEMA sandbox CREATE TABLE kept (id integer PRIMARY KEY, body jsonb)"


@pytest.fixture
async def filled(
    postgres_uow_factory: PostgresUowFactory, engine: AsyncEngine, database_url: str
) -> str:
    """Return a database with a booking that was paid, an act, the sandbox's tables, and a hit."""
    payment = await store_payment(postgres_uow_factory())
    async with postgres_uow_factory() as uow:
        await uow.ledger.post(a_ledger_entry(payment))
        await uow.staff_acts.add(a_staff_act())
        await uow.commit()
    await engine.dispose()  # who is connected is in the way of a restore
    run(
        database_url,
        SANDBOX,
        """INSERT INTO sandbox.kept VALUES (1, '{"a": 1.10}')""",
        "INSERT INTO rate_limits (key, hits, ends_at) VALUES ('x', 1, now())",
    )
    return database_url


@pytest.fixture
def backup(filled: str, tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "yesterday.tar"
    back_up(filled, path, at=AT, tell=quiet)
    return path
