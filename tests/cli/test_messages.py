"""Messages on the command line."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.builders import NOW, a_message
from tests.cli.conftest import Runner
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.notifications.message import Channel, Message, MessageState
from totetaxi_core.notifications.refused_address import RefusedAddress

AS_MARIA = ("--as", "maria")
NOWHERE = {"EMAIL_URL": "smtp://127.0.0.1:1"}
BOB = RefusedAddress(
    id=uuid4(),
    channel=Channel.EMAIL,
    address="bob@example.com",
    reason="550 no such user",
    booking_id=None,
    refused_at=NOW,
)


@pytest.fixture
def lost(database_url: str) -> Message:
    """A message that may be lost, beside one to bob, whose address refuses."""
    message = replace(a_message(), state=MessageState.UNKNOWN, text="See {manage_token}")
    to_bob = replace(a_message(to=BOB.address), state=MessageState.REFUSED)

    async def keep() -> None:
        async with (
            wired(settings_from({}), database_url) as wiring,
            wiring.ports.unit_of_work() as uow,
        ):
            await uow.messages.add(message)
            await uow.messages.add(to_bob)
            await uow.refused_addresses.add(BOB)
            await uow.commit()

    asyncio.run(keep())
    return message


def test_given_a_lost_message_when_found_and_read_then_it_is_sent_again_once(
    totetaxi: Runner, lost: Message
) -> None:
    desk = totetaxi("dashboard").out
    doctor = totetaxi("doctor").out
    every = totetaxi("messages", "list").out
    listed = totetaxi("messages", "list", "--state", "unknown", "--to", lost.to, "--json").json
    shown = totetaxi("messages", "show", str(lost.id), *AS_MARIA)
    here = totetaxi("messages", "send-again", str(lost.id), *AS_MARIA)
    queued = totetaxi("messages", "send-again", str(lost.id), *AS_MARIA, "--json", **NOWHERE)
    again = totetaxi("messages", "send-again", str(lost.id), *AS_MARIA, **NOWHERE)

    assert "see: totetaxi messages list --state unknown" in desk
    assert "warn  messages       0 queued, 0 sending, 1 refused, 1 unknown" in doctor
    assert "`totetaxi messages send-again`" in doctor
    assert BOB.address in every
    assert [one["id"] for one in listed["results"]] == [str(lost.id)]
    assert "See {manage_token}" in shown.out
    assert (here.code, here.err.split(":")[0]) == (1, "no_message_transport")
    assert (queued.code, queued.json["state"]) == (0, "queued")
    assert (again.code, again.err.split(":")[0]) == (1, "message_not_resendable")


def test_given_a_refused_address_when_forgotten_then_it_is_gone_from_the_list(
    totetaxi: Runner, lost: Message
) -> None:
    del lost
    deaf = totetaxi("doctor", STAFF_EMAIL="Bob@Example.com").out
    listed = totetaxi("messages", "addresses", "list").out
    forgotten = totetaxi("messages", "addresses", "forget", "BOB@example.com", *AS_MARIA, "--json")
    again = totetaxi("messages", "addresses", "forget", BOB.address, *AS_MARIA)
    left = totetaxi("messages", "addresses", "list", "--json").json

    assert "STAFF_EMAIL refuses: no alert arrives" in deaf
    assert "550 no such user" in listed
    assert forgotten.json["results"][0]["address"] == BOB.address
    assert (again.code, again.err.split(":")[0]) == (1, "address_not_refused")
    assert left == {"results": []}


def test_given_a_wrong_place_or_id_when_asked_for_then_one_line_says_so(totetaxi: Runner) -> None:
    wrong = totetaxi("messages", "list", "--after", "x")
    missing = totetaxi("messages", "show", str(uuid4()), *AS_MARIA)

    assert (wrong.code, len(wrong.errors)) == (2, 1)
    assert (missing.code, missing.err.split(":")[0]) == (1, "message_not_found")


def test_given_a_bad_email_url_when_anything_starts_then_it_is_named_and_not_shown(
    totetaxi: Runner,
) -> None:
    refused = totetaxi("messages", "list", EMAIL_URL="smtp://a:hush@relay.example.com/x")

    assert refused.code == 1
    assert "EMAIL_URL" in refused.err
    assert "hush" not in refused.err


def test_given_a_refused_message_when_given_up_then_nobody_is_told_of_it_any_more(
    totetaxi: Runner, lost: Message
) -> None:
    settled = totetaxi("messages", "settle", str(lost.id), "--given-up", *AS_MARIA)
    doctor = totetaxi("doctor").out
    unsaid = totetaxi("messages", "settle", str(lost.id), *AS_MARIA)

    assert settled.code == 0
    assert "given up by staff" in settled.out
    assert "0 queued, 0 sending, 1 refused, 0 unknown" in doctor
    assert (unsaid.code, "--arrived" in unsaid.err) == (2, True)
