"""PgBouncer in transaction mode before a PostgreSQL of Debian's."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

from tests.nodes.debian_postgres import OWNER
from tests.scenarios.eventually import eventually
from tests.scenarios.house import free_port

START_S: Final = 30
CONNECTIONS: Final = 4
ROLE: Final = "pooled"
SETTINGS: Final = """\
[databases]
* = host={socket} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pgbouncer(database_url: str) -> Iterator[str]:
    """Give the URL of a pooler with CONNECTIONS connections to the database, as ROLE."""
    url, port = make_url(database_url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="tt-pooler-"))
    if OWNER is not None:
        shutil.chown(folder, OWNER)
    values = {"socket": url.query["host"], "port": port, "role": ROLE, "folder": folder}
    (folder / "pgbouncer.ini").write_text(SETTINGS.format(connections=CONNECTIONS, **values))
    folder.chmod(0o755)
    command = ("pgbouncer", "-q", str(folder / "pgbouncer.ini"))
    pooler = subprocess.Popen(command, user=OWNER, cwd="/", env={"PATH": "/usr/sbin:/usr/bin:/bin"})
    pooled = f"postgresql://{ROLE}@127.0.0.1:{port}/{url.database}"
    try:
        eventually(lambda: _answers(pooled), within_s=START_S)
        yield pooled
    finally:
        pooler.terminate()
        pooler.wait(START_S)
        shutil.rmtree(folder)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
