"""Members of staff on the terminal."""

import attrs

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_facts, print_json, print_table
from totetaxi_core.staff.manage_staff import list_staff
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_http.schemas.staff import StaffProfileResponse


@attrs.frozen(kw_only=True)
class StaffListResponse:
    results: tuple[StaffProfileResponse, ...]


def list_to_terminal(*, as_json: bool) -> None:
    """Print every account."""

    async def job(wiring: Wiring) -> tuple[StaffAccount, ...]:
        return await list_staff(wiring.ports)

    found = tuple(StaffProfileResponse.from_account(account) for account in run(job))
    if as_json:
        print_json(StaffListResponse(results=found))
        return
    print_table(
        ("username", "name", "role", "flags", "hired", "state"),
        map(_row, found),
        empty="There is no staff account yet: `totetaxi staff create` makes one.",
    )


def show_to_terminal(account: StaffAccount, *, as_json: bool) -> None:
    """Print one account."""
    profile = StaffProfileResponse.from_account(account)
    if as_json:
        print_json(profile)
        return
    print_facts(
        [
            ("username", profile.username),
            ("name", profile.full_name),
            ("e-mail", profile.email),
            ("phone", profile.phone),
            ("role", profile.role),
            ("department", profile.department),
            ("flags", " ".join(profile.flags)),
            ("hired", profile.hire_date),
            ("state", _state(profile)),
        ]
    )


def _row(profile: StaffProfileResponse) -> tuple[object, ...]:
    return (
        profile.username,
        profile.full_name,
        profile.role,
        " ".join(profile.flags),
        profile.hire_date,
        _state(profile),
    )


def _state(profile: StaffProfileResponse) -> str:
    return "active" if profile.is_active else "disabled"
