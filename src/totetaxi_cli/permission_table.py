"""docs/permissions.md, made from the core's table and the commands that ask it."""

from collections.abc import Iterable, Iterator

from totetaxi_cli.staff_commands import NEEDED
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.permission import GRANTS, Grant, Permission
from totetaxi_core.staff.role import DEPARTMENT_OF, Role

HEAD = """# Who may do what

Every act of a member of staff asks one table, over HTTP and on the command line alike. A role may
do what its column says; a flag lets one member do more; an admin may do all; a disabled account
nothing. A refusal goes on record (`totetaxi audit list --refused`).

Whoever manages staff manages only those who may do no more than they, and nobody changes their own
role or flags: so nobody rises but by somebody above.

Commands take `--as USERNAME` (or `TOTETAXI_STAFF`). While there is no account at all, the name is
recorded as given and nothing is refused; `totetaxi staff create` makes the first account, which
must be an admin's. Commands that only read ask for no name: whoever runs them can read the
database anyway. Made by `python -m totetaxi_cli.permission_table > docs/permissions.md`.

"""


def permission_table() -> str:
    """Return the document."""
    return HEAD + "\n".join((*_grants(), "", *_roles())) + "\n"


def _grants() -> Iterator[str]:
    roles = [role for role in Role if role is not Role.ADMIN]
    yield _row(["Permission", "What it lets do", *map(_code, roles), "Flags", "Commands"])
    yield _row(["---"] * (len(roles) + 4))
    for permission, grant in GRANTS.items():
        granted = ["yes" if role in grant.roles else "" for role in roles]
        yield _row(
            [_code(permission), grant.meaning, *granted, _flags(grant), _commands(permission)]
        )


def _roles() -> Iterator[str]:
    yield _row(["Role", "Department"])
    yield _row(["---"] * 2)
    for role, department in DEPARTMENT_OF.items():
        yield _row([_code(role), department])


def _flags(grant: Grant) -> str:
    return ", ".join(_code(flag) for flag in Flag if flag in grant.flags)


def _commands(permission: Permission) -> str:
    return ", ".join(_code(command) for command, needed in NEEDED.items() if needed is permission)


def _code(text: str) -> str:
    return f"`{text}`"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(permission_table(), end="")  # noqa: T201  what this module is run for
