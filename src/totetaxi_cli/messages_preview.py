"""Show what a kind of message looks like, of an example booking: no database is asked."""

from enum import StrEnum
from pathlib import Path

import typer

from totetaxi_adapters.mail.calendar_file import calendar_file
from totetaxi_adapters.mail.html_letter import html_of
from totetaxi_adapters.wiring import terms_of
from totetaxi_cli.command_wiring import read_settings
from totetaxi_cli.message_example import example_messages
from totetaxi_core.notifications.message import Channel, Message, MessageKind
from totetaxi_core.ports import Terms
from totetaxi_core.refusal import DomainError


class Shape(StrEnum):
    """As what a message is shown."""

    TEXT = "text"
    HTML = "html"
    ICS = "ics"
    SMS = "sms"


class NoSuchShapeError(DomainError):
    """Not every kind of message has a calendar entry or a text message beside it."""

    code = "no_such_shape"
    field = "kind"

    def __init__(self, kind: MessageKind, shape: Shape) -> None:
        super().__init__(f"{kind} messages have no {shape}")


def preview_to_terminal(kind: MessageKind, shape: Shape, *, out: Path | None) -> None:
    """Print the message, or write it to a file.

    Raises:
        NoSuchShapeError: this kind has none of that shape.
    """
    shown = shown_as(shape, kind, terms_of(read_settings()))
    if out is None:
        typer.echo(shown, nl=not shown.endswith("\n"))
        return
    out.write_bytes(shown.encode())
    typer.echo(f"wrote {out}", err=True)


def shown_as(shape: Shape, kind: MessageKind, terms: Terms) -> str:
    channel = Channel.SMS if shape is Shape.SMS else Channel.EMAIL
    found = [each for each in example_messages(kind, terms) if each.channel is channel]
    shown = _shown(shape, found[0], terms) if found else None
    if shown is None:
        raise NoSuchShapeError(kind, shape)
    return shown


def _shown(shape: Shape, message: Message, terms: Terms) -> str | None:
    if shape is Shape.TEXT:
        return f"To: {message.to}\nSubject: {message.subject}\n\n{message.text}\n"
    if shape is Shape.HTML:
        return html_of(message)
    if shape is Shape.SMS:
        return f"To: {message.to}\n\n{message.text}\n"
    entry = message.calendar
    return calendar_file(entry, terms.zone).decode() if entry is not None else None
