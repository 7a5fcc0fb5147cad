"""Whom PostgreSQL runs as. It refuses root, and initdb refuses an id without a name."""

import ctypes
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from totetaxi_adapters.embedded_postgres.data_folder import DataFolder
from totetaxi_adapters.embedded_postgres.errors import DataFolderUnreachableError

CLONE_NEWUSER = 0x10000000  # linux/sched.h
NOBODY = 65534
ROOT = 0

# Loaded before any fork: a child may call it, but should load nothing.
LIBC = ctypes.CDLL(None, use_errno=True)


class ServerAccount(Protocol):
    """An account; `uid` and `gid` are what its files show to this process."""

    @property
    def uid(self) -> int: ...

    @property
    def gid(self) -> int: ...

    def enter(self) -> None:
        """Become this account, for good; called between fork and exec."""
        ...


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account this process has already."""

    uid: int
    gid: int

    def enter(self) -> None:
        """Stay as we are."""


@dataclass(frozen=True, slots=True)
class MappedAccount:
    """Our own account, seen under another number inside a new user namespace.

    Files stay ours and folders closed to others stay open to us.
    Source: user_namespaces(7), "Defining user and group ID mappings".
    """

    uid: int
    gid: int
    inner_uid: int
    inner_gid: int

    def enter(self) -> None:
        if LIBC.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.inner_uid} {self.uid} 1")
        Path("/proc/self/gid_map").write_text(f"{self.inner_gid} {self.gid} 1")


@dataclass(frozen=True, slots=True)
class DroppedAccount:
    """Another account, which root can become."""

    uid: int
    gid: int

    def enter(self) -> None:
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)


def choose_account(folder: DataFolder) -> ServerAccount:
    """Return the first account that PostgreSQL accepts and that can work in the folder.

    Raises:
        DataFolderUnreachableError: there is none.
    """
    owner = folder.owner_uid()
    for account in _candidates(folder):
        if owner not in {None, account.uid} or not can_execute(account, Path("/")):
            continue  # wrong owner, or not to be entered at all
        if account.uid != os.geteuid():
            folder.admit(account.gid)
        if can_execute(account, folder.root):
            return account
    whose = "" if owner is None else f", whose database belongs to {name_of(owner) or owner}"
    me = name_of(os.geteuid()) or str(os.geteuid())
    reason = f"started by {me}, it finds no account fit to work in this folder{whose}"
    raise DataFolderUnreachableError.because(reason, folder=folder.root)


def can_execute(account: ServerAccount, path: Path) -> bool:
    """Tell whether the account may pass through a folder or run a program."""
    child = os.fork()
    if child == 0:
        allowed = False
        try:
            account.enter()
            allowed = os.access(path, os.X_OK)
        finally:
            os._exit(0 if allowed else 1)
    return os.waitpid(child, 0)[1] == 0


def name_of(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _candidates(folder: DataFolder) -> tuple[ServerAccount, ...]:
    own = OwnAccount(os.geteuid(), os.getegid())
    if own.uid == ROOT:
        return (*_mapped(own), *_dropped(folder))
    return (own,) if name_of(own.uid) else (*_mapped(own), own)


def _mapped(own: OwnAccount) -> tuple[MappedAccount, ...]:
    named = sorted(pwd.getpwall(), key=lambda entry: (entry.pw_uid != NOBODY, entry.pw_uid))
    inner = next((entry for entry in named if entry.pw_uid != ROOT), None)
    if inner is None:
        return ()
    return (MappedAccount(own.uid, own.gid, inner.pw_uid, inner.pw_gid),)


def _dropped(folder: DataFolder) -> tuple[DroppedAccount, ...]:
    """Accounts root may drop to: whoever owns the place, then nobody."""
    owners = (path.stat().st_uid for path in (folder.root, folder.root.parent))
    uids = dict.fromkeys((*(uid for uid in owners if uid != ROOT), NOBODY))
    return tuple(
        DroppedAccount(uid, pwd.getpwuid(uid).pw_gid) for uid in uids if name_of(uid) is not None
    )
