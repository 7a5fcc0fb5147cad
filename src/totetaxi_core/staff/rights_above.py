"""Who stands above whom: nobody gets by another's account what their own may not do."""

from dataclasses import replace

from totetaxi_core.staff.permission import (
    Permission,
    PermissionDeniedError,
    may,
    permissions_of,
)
from totetaxi_core.staff.staff_account import StaffAccount


def check_above(by: StaffAccount, other: StaffAccount) -> None:
    """Let pass who may change that account, which counts as active.

    Raises:
        PermissionDeniedError: they do not manage staff, or may do less.
    """
    if is_above(by, other):
        return
    why = ""
    if may(by, Permission.MANAGE_STAFF):
        why = f"{by.username} may do less than {other.username}"
    raise PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why)


def is_above(by: StaffAccount, other: StaffAccount) -> bool:
    """Tell whether somebody may change that account."""
    active = replace(other, is_active=True)
    return may(by, Permission.MANAGE_STAFF) and permissions_of(active) <= permissions_of(by)
