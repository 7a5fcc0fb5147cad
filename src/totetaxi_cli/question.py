"""Questions to whoever sits at the terminal; Ctrl-C ends them at once."""

import typer

from totetaxi_cli.interruptible import asking


def require_yes(question: str) -> None:
    """Ask, and go on at a yes alone.

    Raises:
        typer.Abort: the answer was another, or Ctrl-C.
    """
    with asking():
        typer.confirm(question, abort=True)


def new_password() -> str:
    """Ask twice, showing nothing.

    Raises:
        typer.Abort: Ctrl-C.
    """
    with asking():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
