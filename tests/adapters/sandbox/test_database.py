"""The sandbox's connections, as a pooler in transaction mode hands them out."""

from totetaxi_adapters.sandbox.database import SandboxDatabase


async def test_given_one_statement_when_repeated_then_the_server_keeps_nothing_of_it(
    database_url: str,
) -> None:
    database = SandboxDatabase(database_url, max_connections=1)
    await database.open([])
    try:
        async with database.transaction() as connection:
            for number in range(10):
                await connection.execute("SELECT %s::int", (number,))
            kept = await connection.execute("SELECT count(*) FROM pg_prepared_statements")

            assert await kept.fetchone() == (0,)
    finally:
        await database.close()
