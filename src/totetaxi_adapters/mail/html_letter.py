"""A message as HTML, made from its text alone, so that both say the same."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined

from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.signature import parted

LINK: Final = re.compile(r"https?://\S+")
PRICE: Final = re.compile(r"  (?P<label>.+): (?P<amount>-?\$[\d.]+)")
LABELS: Final = {
    "/api/public/pay": "Pay now",
    "/manage": "See your booking",
    "/verify-email": "Confirm your address",
    "/reset-password": "Choose a new password",
    "/login": "Log in",
}
LABELS_OF_KIND: Final = {
    MessageKind.BOOKING_RECEIVED: {"/manage": "Pay, or see your booking"},
    MessageKind.DELIVERED: {"/manage": "See your booking and the proof"},
}
FOLLOWED: Final = {MessageKind.DRIVER_ON_THE_WAY: "Follow the driver"}
"""What a link of a kind is for whose path is not ours."""

LAYOUT: Final = Environment(
    loader=PackageLoader("totetaxi_adapters.mail", "layouts"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("letter.html")


@attrs.frozen
class Paragraph:
    lines: tuple[str, ...]
    is_paragraph: bool = True
    is_button: bool = False


@attrs.frozen
class Button:
    label: str
    url: str
    is_paragraph: bool = False
    is_button: bool = True


@attrs.frozen
class PriceTable:
    """Rows of label and amount; the last is the total."""

    rows: tuple[tuple[str, str], ...]
    is_paragraph: bool = False
    is_button: bool = False


Block = Paragraph | Button | PriceTable


def html_of(message: Message) -> str:
    """Return a whole page: every word of it is escaped, whoever wrote it."""
    body, signature = parted(message.text)
    return LAYOUT.render(
        subject=message.subject,
        preview=_preview(body),
        blocks=tuple(_blocks(body, message.kind)),
        company=signature[0] if signature else "",
        address=signature[1:],
    )


def _preview(body: str) -> str:
    """Return what a list of mails shows below the subject: the first words after the greeting."""
    _, _, rest = body.partition("\n\n")
    return (rest or body).partition("\n")[0]


def _blocks(body: str, kind: MessageKind) -> Iterator[Block]:
    for paragraph in body.split("\n\n"):
        # Our own line breaks alone, not `splitlines`: a name with U+2028 in it could make itself
        # a line that is a link, and so a button of ours that leads to its writer.
        for shape, lines in groupby(paragraph.split("\n"), key=_shape):
            if shape is Button:
                yield from (Button(_label(line, kind), line) for line in lines)
            elif shape is PriceTable:
                yield PriceTable(tuple(_price(line) for line in lines))
            else:
                yield Paragraph(tuple(lines))


def _shape(line: str) -> type[Block]:
    if LINK.fullmatch(line):
        return Button
    return PriceTable if PRICE.fullmatch(line) else Paragraph


def _price(line: str) -> tuple[str, str]:
    label, _, amount = line.strip().rpartition(": ")
    return label, amount


def _label(url: str, kind: MessageKind) -> str:
    parts = urlsplit(url)
    ours = {**LABELS, **LABELS_OF_KIND.get(kind, {})}
    return ours.get(parts.path) or FOLLOWED.get(kind) or f"Open {parts.netloc}"
