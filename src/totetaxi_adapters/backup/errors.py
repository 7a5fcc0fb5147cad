"""Why a backup was not made, or not restored."""

from collections.abc import Collection
from pathlib import Path
from typing import Self

from totetaxi_core.refusal import DomainError


class PostgresProgramMissingError(DomainError):
    """No program here is of the server's major version."""

    code = "postgres_program_missing"

    @classmethod
    def of(cls, name: str, *, major: int) -> Self:
        return cls(
            f"no {name} of PostgreSQL {major} is here: install that version's client programs"
            f" (Debian: postgresql-client-{major}) or put them on PATH"
        )


class UnpassableSettingError(DomainError):
    """A secret of the database's URL that PostgreSQL's programs take from arguments alone."""

    code = "database_url_unpassable"

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            f"{', '.join(sorted(names))} in the database's URL would show in the list of"
            " processes: put it into a file that libpq reads"
        )


class PostgresProgramError(DomainError):
    """A program of PostgreSQL's failed; the text carries the end of what it said."""

    code = "postgres_program_failed"


class DatabaseRefusedError(DomainError):
    """The server will not let this role do what a backup or a restore has to."""

    code = "database_refused"


class BackupExistsError(DomainError):
    """A backup is never written over."""

    code = "backup_exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already")


class BackupBrokenError(DomainError):
    """The file is no backup of ours, or not as it was written."""

    code = "backup_broken"


class BackupTooNewError(DomainError):
    """The backup's PostgreSQL is newer than the server."""

    code = "backup_too_new"

    def __init__(self, *, made_by: int, server: int) -> None:
        super().__init__(
            f"the backup is of PostgreSQL {made_by}, the server is {server}:"
            f" restore to {made_by} or newer"
        )


class DatabaseNotEmptyError(DomainError):
    """Nothing is restored over data unless that is asked for."""

    code = "database_not_empty"

    def __init__(self) -> None:
        super().__init__("the database has tables already: --force replaces all that is in it")


class DatabaseInUseError(DomainError):
    """Somebody else is connected to the database that is to be replaced."""

    code = "database_in_use"

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(f"stop what is connected to it first: {', '.join(sorted(names))}")


class NoUnfinishedRestoreError(DomainError):
    """There is nothing to put back."""

    code = "no_unfinished_restore"

    def __init__(self) -> None:
        super().__init__("no restore of this database was cut off: it stays as it is")


class ExtensionInTheWayError(DomainError):
    """An extension lives among the tables that are to be replaced."""

    code = "extension_in_the_way"

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            f"{', '.join(sorted(names))} would go with the tables: restore to a new database"
        )


class RestoreDiffersError(DomainError):
    """What came out is not what the manifest says; what was there before is back."""

    code = "restore_differs"

    def __init__(self, what: Collection[str]) -> None:
        super().__init__(f"not as in the backup: {', '.join(what)}")
        self.what = tuple(what)
