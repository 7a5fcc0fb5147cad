"""docs/permissions.md, made from the core's table, and the handlers and commands that ask it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from litestar import Litestar
from litestar.routes import HTTPRoute

from totetaxi_cli.staff_commands import NEEDED
from totetaxi_core.staff.act_names import ACTS
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.permission import GRANTS, Grant, Permission
from totetaxi_core.staff.role import DEPARTMENT_OF, Role
from totetaxi_http.service import service_handlers
from totetaxi_http.staff.guard import OR_PERMISSION, PERMISSION

HEAD = """# Who may do what

Every act of a member of staff asks one table, over HTTP and on the command line alike. A role may
do what its column says; a flag lets one member do more; an admin may do all; a disabled account
nothing. A refusal goes on record (`totetaxi audit list --refused`).

Whoever manages staff manages only those who may do no more than they, and nobody changes their own
role or flags: so nobody rises but by somebody above.

Commands take `--as USERNAME` (or `TOTETAXI_STAFF`). While there is no account at all, the name is
recorded as given and nothing is refused; `totetaxi staff create` makes the first account, which
must be an admin's. Commands that list ask for no name, whoever runs them can read the database
anyway; those that open one booking or customer do, as that goes on record. Over HTTP everything
below `/api/staff` but logging in asks for the login of a member of staff. Made by
`python -m totetaxi_cli.permission_table > docs/permissions.md`.

"""

ACTS_HEAD: Final = """## What goes on record

`totetaxi audit list --action NAME` and `GET /api/staff/actions?action_type=NAME` find acts by
their name. What the business refused (a booking that is not there, a slot that is gone, a change
that came too late) is on record too, with the refusal's code, under the name of the permission it
took, such as `edit_bookings`, or `own_account`; what is not valid input is not.
"""


def permission_table() -> str:
    """Return the document."""
    rows = (*_grants(), "", *_roles(), "", *_own_paths(), "", ACTS_HEAD, *_acts())
    return HEAD + "\n".join(rows) + "\n"


def _grants() -> Iterator[str]:
    roles = [role for role in Role if role is not Role.ADMIN]
    yield _row(["Permission", "What it lets do", *map(_code, roles), "Flags", "Commands", "HTTP"])
    yield _row(["---"] * (len(roles) + 5))
    for permission, grant in GRANTS.items():
        granted = ["yes" if role in grant.roles else "" for role in roles]
        asked_by = [_commands(permission), _paths(permission)]
        yield _row([_code(permission), grant.meaning, *granted, _flags(grant), *asked_by])


def _roles() -> Iterator[str]:
    yield _row(["Role", "Department"])
    yield _row(["---"] * 2)
    for role, department in DEPARTMENT_OF.items():
        yield _row([_code(role), department])


def _flags(grant: Grant) -> str:
    return ", ".join(_code(flag) for flag in Flag if flag in grant.flags)


def _commands(permission: Permission) -> str:
    return ", ".join(_code(command) for command, needed in NEEDED.items() if needed is permission)


def _paths(permission: Permission) -> str:
    return ", ".join(_code(path) for path, needed in staff_paths() if needed is permission)


def _own_paths() -> Iterator[str]:
    own = ", ".join(_code(path) for path, needed in staff_paths() if needed is None)
    yield f"Every member of staff may, for themselves: {own}."


def _acts() -> Iterator[str]:
    yield _row(["Act", "What it says"])
    yield _row(["---"] * 2)
    for name, meaning in ACTS.items():
        yield _row([_code(name), meaning])


@cache
def staff_paths() -> tuple[tuple[str, Permission | None], ...]:
    """Return what members of staff call, as `GET /api/…`, with a permission that lets in."""
    routes = Litestar(service_handlers(), openapi_config=None, logging_config=None).routes
    found = {
        (f"{method} {route.path_format}", handler.opt[needed])
        for route in routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        for needed in (PERMISSION, OR_PERMISSION)
        if needed in handler.opt
    }
    return tuple(sorted(found, key=lambda one: one[0].split(" ")[::-1]))


def _code(text: str) -> str:
    return f"`{text}`"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(permission_table(), end="")  # noqa: T201  what this module is run for
