"""Messages on the terminal."""

from dataclasses import dataclass
from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.list_place import checked_place
from totetaxi_cli.output import print_facts, print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.notifications.find_messages import MessageFilter, find_messages
from totetaxi_core.notifications.message import Channel, Message, MessageKind, MessageState
from totetaxi_core.notifications.read_message import read_message
from totetaxi_core.notifications.send_again import send_again
from totetaxi_core.notifications.settle_message import settle_message
from totetaxi_core.page import Page
from totetaxi_http.schemas.message import MessageResponse, MessageTextResponse
from totetaxi_http.wire.page import place_of, place_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    to: str | None
    kind: MessageKind | None
    channel: Channel | None
    state: MessageState | None
    number: str | None
    limit: int
    after: str | None

    async def to_filter(self, wiring: Wiring) -> MessageFilter:
        booking = None if self.number is None else await look_up_status(self.number, wiring.ports)
        return MessageFilter(
            to=self.to,
            kind=self.kind,
            channel=self.channel,
            state=self.state,
            booking_id=None if booking is None else booking.id,
        )


@attrs.frozen(kw_only=True)
class MessageListResponse:
    """`next` is where to ask on from, with --after; null at the end."""

    results: tuple[MessageResponse, ...]
    next: str | None


def list_to_terminal(asked: Asked, *, as_json: bool) -> None:
    """Print a page of messages.

    Raises:
        InvalidInputError: `after` is not what a list ended with.
        BookingNotFoundError: no booking has the number.
    """
    place = place_of(checked_place(asked.after))

    async def job(wiring: Wiring) -> Page[Message]:
        wanted = await asked.to_filter(wiring)
        async with wiring.ports.unit_of_work() as uow:
            return await find_messages(uow.message_desk, wanted, before=place, limit=asked.limit)

    page = run(job)
    results = tuple(MessageResponse.from_message(one) for one in page.entries)
    end = place_text(page.oldest)
    if as_json:
        print_json(MessageListResponse(results=results, next=end))
        return
    print_table(
        ("message", "kind", "by", "state", "to", "written (UTC)", "last error"),
        map(_row, results),
        empty="There is no such message.",
    )
    if end is not None:
        typer.echo(f"older ones: --after {end}")


def show_to_terminal(message_id: UUID, *, staff: str, as_json: bool) -> None:
    """Print a message with its text; that it was read goes on record.

    Raises:
        PermissionDeniedError: staff may not.
        MessageNotFoundError: there is none.
    """

    async def job(wiring: Wiring, staff_name: str) -> Message:
        return await read_message(message_id, wiring.ports, staff_name=staff_name)

    found = run(as_staff(staff, StaffCommand.MESSAGES_SHOW, job))
    response = MessageTextResponse.from_message(found)
    if as_json:
        print_json(response)
        return
    print_facts(_facts(response.message))
    typer.echo(f"\n{response.text}")


def send_again_to_terminal(message_id: UUID, *, staff: str, as_json: bool) -> None:
    """Queue a message once more, and print it.

    Raises:
        PermissionDeniedError: staff may not.
        MessageNotFoundError: there is none.
        MessageNotResendableError: it is neither refused nor unknown.
        AddressRefusedError: its address is among those that refuse.
        NoTransportError: nothing could send it.
    """

    async def job(wiring: Wiring, staff_name: str) -> Message:
        return await send_again(message_id, wiring.ports, staff_name=staff_name)

    _print(run(as_staff(staff, StaffCommand.MESSAGES_SEND_AGAIN, job)), as_json=as_json)


def settle_to_terminal(message_id: UUID, *, arrived: bool, staff: str, as_json: bool) -> None:
    """Keep how a message ended, and print it.

    Raises:
        PermissionDeniedError: staff may not.
        MessageNotFoundError: there is none.
        MessageNotOpenError: it is neither refused nor unknown.
    """

    async def job(wiring: Wiring, staff_name: str) -> Message:
        return await settle_message(
            message_id, wiring.ports, arrived=arrived, staff_name=staff_name
        )

    _print(run(as_staff(staff, StaffCommand.MESSAGES_SETTLE, job)), as_json=as_json)


def _print(message: Message, *, as_json: bool) -> None:
    response = MessageResponse.from_message(message)
    if as_json:
        print_json(response)
        return
    print_facts(_facts(response))


def _facts(message: MessageResponse) -> list[tuple[str, object]]:
    return [
        ("message", message.id),
        ("kind", message.kind),
        ("by", message.channel),
        ("state", message.state),
        ("to", message.to),
        ("subject", message.subject or None),
        ("written (UTC)", f"{message.created_at:%Y-%m-%d %H:%M}"),
        ("sent (UTC)", f"{message.sent_at:%Y-%m-%d %H:%M}" if message.sent_at else None),
        ("provider's id", message.provider_id),
        ("last error", message.last_error),
    ]


def _row(message: MessageResponse) -> tuple[object, ...]:
    return (
        message.id,
        message.kind,
        message.channel,
        message.state,
        message.to,
        f"{message.created_at:%Y-%m-%d %H:%M}",
        message.last_error,
    )
