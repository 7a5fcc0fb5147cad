"""`totetaxi staff`."""

from datetime import datetime
from typing import Annotated

import typer

from totetaxi_cli.command_options import DATE, AsJson, Staff, day
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

app = typer.Typer(
    help="Members of staff: create, list, change, disable and enable them.", no_args_is_help=True
)

Username = Annotated[str, typer.Argument(metavar="USERNAME", help="Its case does not matter.")]
Flags = Annotated[
    list[Flag] | None,
    typer.Option(
        "--flag",
        metavar="FLAG",
        help=f"Leave beside the role; may be repeated: {', '.join(Flag)}.",
    ),
]
Email = Annotated[str, typer.Option("--email", metavar="TEXT", help="Where mail reaches them.")]
FirstName = Annotated[str, typer.Option("--first-name", metavar="TEXT", help="First name.")]
LastName = Annotated[str, typer.Option("--last-name", metavar="TEXT", help="Last name.")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="TEXT", help="Telephone number.")]
Department = Annotated[
    str | None, typer.Option("--department", metavar="TEXT", help="The role's own if not said.")
]
ROLES = ", ".join(Role)
ANOTHER = "Another one."


@app.command()
def create(
    username: Username,
    *,
    email: Email,
    first_name: FirstName,
    last_name: LastName,
    role: Annotated[Role, typer.Option("--role", metavar="ROLE", help=f"One of: {ROLES}.")],
    staff: Annotated[
        str | None,
        typer.Option(
            "--as",
            envvar="TOTETAXI_STAFF",
            metavar="NAME",
            help="Who does this: on record; not for the first, who must be an admin.",
        ),
    ] = None,
    flag: Flags = None,
    department: Department = None,
    phone: Phone = None,
    hire_date: Annotated[
        datetime | None,
        day("--hire-date", "Today if not said."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Create an account; the password is asked for, or is the first line of standard input.

    Example: totetaxi staff create maria --role finance --flag can_approve_refunds
    --email maria@totetaxi.com --first-name Maria --last-name Lopez --as root
    """
    from totetaxi_cli.staff_acts import create_to_terminal

    given = {
        "username": username,
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "role": role.value,
        "flags": [one.value for one in flag or ()],
        "department": department,
        "phone": phone,
        "hire_date": f"{hire_date:{DATE}}" if hire_date else None,
    }
    create_to_terminal(given, staff=staff, as_json=json)


@app.command("list")
def list_(json: AsJson = False) -> None:
    """List every account.

    Example: totetaxi staff list
    """
    from totetaxi_cli.staff_views import list_to_terminal

    list_to_terminal(as_json=json)


@app.command()
def change(
    username: Username,
    *,
    staff: Staff,
    role: Annotated[
        Role | None, typer.Option("--role", metavar="ROLE", help=f"One of: {ROLES}.")
    ] = None,
    flag: Flags = None,
    no_flags: Annotated[bool, typer.Option("--no-flags", help="Take every flag away.")] = False,
    email: Annotated[str | None, typer.Option("--email", metavar="TEXT", help=ANOTHER)] = None,
    first_name: Annotated[
        str | None, typer.Option("--first-name", metavar="TEXT", help=ANOTHER)
    ] = None,
    last_name: Annotated[
        str | None, typer.Option("--last-name", metavar="TEXT", help=ANOTHER)
    ] = None,
    department: Annotated[
        str | None, typer.Option("--department", metavar="TEXT", help=ANOTHER)
    ] = None,
    phone: Phone = None,
    hire_date: Annotated[
        datetime | None,
        day("--hire-date", ANOTHER),
    ] = None,
    json: AsJson = False,
) -> None:
    """Change an account; the flags given are all there will be. Nobody changes their own rights.

    Example: totetaxi staff change maria --role finance --flag can_approve_refunds --as root
    """
    if no_flags and flag:
        raise typer.BadParameter("either flags or none of them")
    from totetaxi_cli.staff_acts import change_to_terminal

    given = {
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "role": role.value if role else None,
        "flags": [one.value for one in flag or ()] if flag or no_flags else None,
        "department": department,
        "phone": phone,
        "hire_date": f"{hire_date:{DATE}}" if hire_date else None,
    }
    change_to_terminal(username, given, staff=staff, as_json=json)


@app.command()
def disable(username: Username, staff: Staff, json: AsJson = False) -> None:
    """Disable an account: whatever login it has is over at once.

    Example: totetaxi staff disable maria --as root
    """
    from totetaxi_cli.staff_acts import disable_to_terminal

    disable_to_terminal(username, staff=staff, as_json=json)


@app.command()
def enable(username: Username, staff: Staff, json: AsJson = False) -> None:
    """Enable an account again.

    Example: totetaxi staff enable maria --as root
    """
    from totetaxi_cli.staff_acts import enable_to_terminal

    enable_to_terminal(username, staff=staff, as_json=json)


@app.command("set-password")
def set_password(username: Username, staff: Staff, json: AsJson = False) -> None:
    """Give an account another password, asked for or the first line of standard input.

    Whatever login it has is over at once, and it is unlocked.

    Example: totetaxi staff set-password maria --as root
    """
    from totetaxi_cli.staff_acts import set_password_to_terminal

    set_password_to_terminal(username, staff=staff, as_json=json)
