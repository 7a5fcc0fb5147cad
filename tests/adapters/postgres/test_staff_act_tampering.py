"""Whoever may write to the database cannot quietly edit what staff did."""

from uuid import uuid4

import psycopg
import pytest

from tests.builders import NOW, a_booking, a_staff_act
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import migrations
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.chain_check import ChainCheck, ChainFault, FaultKind

COPY = "id, staff_name, action_type, description, booking_id, created_at, is_refused, user_agent"


async def faults(
    uow_factory: PostgresUowFactory, *, head: ChainHead | None = None
) -> tuple[ChainFault, ...]:
    check = ChainCheck(head=head)
    async with uow_factory() as uow:
        for recorded in await uow.staff_acts.chained(after=0, limit=100):
            check.take(recorded)
    return check.faults()


async def record(uow_factory: PostgresUowFactory, number: int = 5) -> None:
    for _ in range(number):
        async with uow_factory() as uow:
            await uow.staff_acts.add(a_staff_act())
            await uow.commit()


def tamper(database_url: str, *statements: str) -> None:
    """Do as an owner of the table may, past its triggers."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE staff_acts DISABLE TRIGGER ALL")
        for statement in statements:
            connection.execute(statement.encode())
        connection.execute("ALTER TABLE staff_acts ENABLE TRIGGER ALL")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_acts SET description = 'nothing'",
        "UPDATE staff_acts SET description = '', salt = NULL, staff_name = 'eve'",
        "UPDATE staff_acts SET position = position + 100",
        "DELETE FROM staff_acts WHERE position = 5",
        "TRUNCATE staff_acts",
    ],
)
async def test_given_acts_when_edited_in_the_database_then_it_refuses(
    uow_factory: PostgresUowFactory, database_url: str, statement: str
) -> None:
    await record(uow_factory)

    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        connection.execute(statement.encode())

    assert await faults(uow_factory) == ()


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (
            ["UPDATE staff_acts SET description = 'nothing' WHERE position = 3"],
            ChainFault(FaultKind.CHANGED, 3, 3),
        ),
        (
            ["UPDATE staff_acts SET staff_name = 'eve' WHERE position = 5"],
            ChainFault(FaultKind.CHANGED, 5, 5),
        ),
        (
            ["DELETE FROM staff_acts WHERE position IN (2, 3)"],
            ChainFault(FaultKind.REMOVED, 2, 3),
        ),
        (
            [
                "DELETE FROM staff_acts WHERE position = 3",
                "UPDATE staff_acts SET position = position - 1 WHERE position = 4",
                "UPDATE staff_acts SET position = position - 1 WHERE position = 5",
            ],
            ChainFault(FaultKind.BROKEN, 2, 3),
        ),
        (
            ["UPDATE staff_acts SET description = '', salt = NULL WHERE position = 2"],
            ChainFault(FaultKind.ERASED_OFF_RECORD, 2, 2),
        ),
    ],
)
async def test_given_acts_when_tampered_with_then_the_check_says_where(
    uow_factory: PostgresUowFactory,
    database_url: str,
    statements: list[str],
    fault: ChainFault,
) -> None:
    await record(uow_factory)

    tamper(database_url, *statements)

    assert await faults(uow_factory) == (fault,)


async def test_given_acts_when_one_is_slipped_in_then_the_check_says_where(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await record(uow_factory)

    tamper(
        database_url,
        "ALTER TABLE staff_acts DROP CONSTRAINT ck_staff_acts_position",
        "UPDATE staff_acts SET position = -position WHERE position > 3",
        "UPDATE staff_acts SET position = 1 - position WHERE position < 0",
        f"INSERT INTO staff_acts ({COPY}, position, salt, values_digest, previous_digest, digest)"  # noqa: S608
        f" SELECT '{uuid4()}', 'eve', action_type, description, booking_id, created_at, is_refused,"
        " user_agent, 4, salt, values_digest, digest, repeat('a', 64)"
        " FROM staff_acts WHERE position = 3",
    )

    assert await faults(uow_factory) == (
        ChainFault(FaultKind.CHANGED, 4, 4),
        ChainFault(FaultKind.INSERTED, 4, 4),
    )


async def test_given_an_exported_head_when_the_end_is_cut_then_it_shows(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await record(uow_factory)
    async with uow_factory() as uow:
        head = (await uow.staff_acts.chained(after=4, limit=1))[0].link.head

    tamper(database_url, "DELETE FROM staff_acts WHERE position > 3")

    assert await faults(uow_factory) == ()
    assert await faults(uow_factory, head=head) == (ChainFault(FaultKind.CUT, 4, 5),)


async def test_given_an_act_when_committed_then_the_head_is_told_to_the_log(
    uow_factory: PostgresUowFactory, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="totetaxi_adapters.postgres.staff_acts"):
        await record(uow_factory, 1)

    async with uow_factory() as uow:
        [recorded] = await uow.staff_acts.chained(after=0, limit=1)
    assert str(recorded.link.head) in caplog.text


async def test_given_a_locked_booking_when_an_act_on_it_is_recorded_elsewhere_then_nobody_waits(
    uow_factory: PostgresUowFactory,
) -> None:
    booking = a_booking()
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()

    async with uow_factory() as holder:
        await holder.bookings.get(booking.id, lock=True)
        async with uow_factory() as other:
            await other.staff_acts.add(a_staff_act(booking))
            await other.commit()
        await holder.staff_acts.add(a_staff_act(booking))
        await holder.commit()

    async with uow_factory() as uow:
        assert len(await uow.staff_acts.of_booking(booking.id)) == 2


async def test_given_acts_of_before_when_upgraded_then_they_are_chained_in_order(
    uow_factory: PostgresUowFactory, empty_database_url: str, database_url: str
) -> None:
    migrations.upgrade(empty_database_url, revision="0008")
    with psycopg.connect(empty_database_url) as connection:
        for minute, name in ((2, "lou"), (1, "maria"), (3, "kim — é")):
            connection.execute(
                "INSERT INTO staff_acts (id, staff_name, action_type, description, created_at)"
                " VALUES (%s, %s, 'create_booking', 'by phone', %s)",
                (uuid4(), name, NOW.replace(minute=minute, microsecond=minute)),
            )

    migrations.upgrade(empty_database_url)

    with (
        psycopg.connect(empty_database_url) as source,
        psycopg.connect(database_url) as target,
        source.cursor().copy("COPY staff_acts TO STDOUT") as out,
        target.cursor().copy("COPY staff_acts FROM STDIN") as into,
    ):
        for data in out:
            into.write(data)
    async with uow_factory() as uow:
        chain = await uow.staff_acts.chained(after=0, limit=10)
    assert [recorded.act.staff_name for recorded in chain] == ["maria", "lou", "kim — é"]
    assert await faults(uow_factory) == ()
