"""Files of SQL, of many statements each."""

import psycopg
from sqlalchemy import Connection


def execute_file(connection: Connection, statements: str) -> None:
    """Run them in the connection's transaction; the driver takes many if there is no parameter."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"not a psycopg connection: {driver}")
    driver.execute(statements.encode())
