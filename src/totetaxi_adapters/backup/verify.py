"""See that a file is a whole backup, without touching any database in use."""

import tempfile
from pathlib import Path

from totetaxi_adapters.backup.archive import Manifest, opened_dump, read_manifest
from totetaxi_adapters.backup.back_up import Tell
from totetaxi_adapters.backup.errors import BackupBrokenError
from totetaxi_adapters.backup.programs import RESTORE, program, run
from totetaxi_adapters.backup.restore import restore
from totetaxi_adapters.embedded_postgres import EmbeddedPostgres


def verify(path: Path, *, tell: Tell) -> Manifest:
    """Return the manifest of a file whose dump is as written and has every table it names.

    Raises:
        BackupBrokenError: it is not.
        PostgresProgramMissingError: no `pg_restore` here can read it.
    """
    manifest = read_manifest(path)
    pg_restore = program(RESTORE, major=manifest.postgres_major, or_newer=True)
    tell("reading the file ...")
    with (
        tempfile.TemporaryDirectory(prefix="totetaxi-verify-") as folder,
        opened_dump(path, manifest, folder=Path(folder)) as dump,
    ):
        listed = run(pg_restore, "--list", str(dump)).splitlines()
    held = {tuple(line.split()[3:7]) for line in listed if not line.startswith(";")}
    missing = [
        name
        for name in manifest.contents.tables
        if ("TABLE", "DATA", *name.split(".", maxsplit=1)) not in held
    ]
    if missing:
        raise BackupBrokenError(f"{path} lacks the rows of {', '.join(missing)}")
    return manifest


def rehearse(path: Path, *, tell: Tell) -> Manifest:
    """Restore the file into a server of its own that goes with it, and compare.

    Raises:
        BackupBrokenError: the file is not whole.
        BackupTooNewError: the embedded PostgreSQL is older than the backup's.
        EmbeddedPostgresError: that does not run here.
        RestoreDiffersError: the result is not what the manifest says.
    """
    with tempfile.TemporaryDirectory(prefix="totetaxi-rehearsal-") as folder:
        # Not closed to others: PostgreSQL may run as another account than we do.
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder, "data")).acquire() as lease:
            return restore(path, lease.database_url, force=False, tell=tell)
