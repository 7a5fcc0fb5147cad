"""A process with a lease: reads one command a line, answers each with one line of JSON.

`query SQL` in autocommit, `ensure`, `release`; the end of input ends it without a release, as
a crash would. The folder comes as TEST_DATA_DIR: not among the arguments, where the tests look
for servers.
"""

import json
import os
import sys
from pathlib import Path

import psycopg

from totetaxi_adapters.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from totetaxi_adapters.embedded_postgres.lease import PostgresLease


def main() -> None:
    try:
        lease = EmbeddedPostgres(Path(os.environ["TEST_DATA_DIR"])).acquire()
    except EmbeddedPostgresError as error:
        answer({"code": error.code, "text": str(error)})
        return
    answer({"url": lease.database_url, "uid": os.geteuid()})
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        answer(obey(lease, verb, rest))


def obey(lease: PostgresLease, verb: str, rest: str) -> object:
    if verb == "query":
        with psycopg.connect(lease.database_url, autocommit=True) as connection:
            cursor = connection.execute(rest.encode())
            return cursor.fetchall() if cursor.description else None
    return {"ensure": lease.ensure_running, "release": lease.release}[verb]()


def answer(value: object) -> None:
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
