"""PostgreSQL without an administrator: the server of one data folder, shared by processes.

docs/adr/0002-embedded-postgres.md tells why it is built as it is.
"""

from totetaxi_adapters.embedded_postgres.binaries import find as find_program
from totetaxi_adapters.embedded_postgres.errors import (
    BinariesMissingError,
    DataFolderUnreachableError,
    EmbeddedPostgresError,
    PlatformUnsupportedError,
    ServerStartError,
    ServerStopError,
)
from totetaxi_adapters.embedded_postgres.lease import EmbeddedPostgres, PostgresLease

__all__ = [
    "BinariesMissingError",
    "DataFolderUnreachableError",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "PlatformUnsupportedError",
    "PostgresLease",
    "ServerStartError",
    "ServerStopError",
    "find_program",
]
