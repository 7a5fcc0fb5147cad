"""The mark of a restore that began and has not ended: nothing of ours starts on such a database."""

from typing import Final

from totetaxi_core.refusal import DomainError

ASIDE: Final = "before_restore_"
"""How the schemas that a restore replaces are called meanwhile, each before its own name."""
MARK: Final = f"{ASIDE}public"
"""Stands from before a restore changes anything until all is done, empty where nothing was."""
IS_MARKED: Final = f"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{MARK}')"  # noqa: S608  a constant


class RestoreUnfinishedError(DomainError):
    """What the database holds is half of a backup; what it held before stands beside it."""

    code = "restore_unfinished"

    def __init__(self) -> None:
        super().__init__(
            "a restore of this database began and has not ended: let it end or, if none runs, run"
            " `totetaxi db restore FILE --force` again; `totetaxi db put-back` goes back to what"
            " was there before"
        )
