"""Messages over HTTP: as staff read them, and what Twilio tells of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import NOW, a_booking, a_message
from tests.contracts.transport_worlds import ACCOUNT
from tests.http.echo import client_of
from tests.http.staff.conftest import NO_STRIPE, Desk
from totetaxi_adapters.memory.transport import MemoryTransport
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.sms.status import signature_of
from totetaxi_adapters.wiring import wired
from totetaxi_core.notifications.deliver_message import remember_refusal
from totetaxi_core.notifications.message import Channel, Message, MessageState
from totetaxi_core.staff.role import Role
from totetaxi_http.service import create_service

TOKEN = "the-accounts-own-token"
PUBLIC = "https://api.totetaxi.com"


@pytest.fixture
async def lost(desk: Desk) -> Message:
    """A message that may be lost, about a booking; maria of the desk may see to it."""
    booking = a_booking()
    message = a_message(booking=booking)
    message = replace(message, text="{manage_token}", state=MessageState.UNKNOWN)
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.messages.add(message)
        await uow.messages.add(a_message(to="bob@example.com"))
        await uow.commit()
    await desk.hire("maria", Role.CUSTOMER_SERVICE)
    return message


async def test_given_messages_when_listed_and_opened_then_staff_see_them_without_tokens(
    desk: Desk, lost: Message
) -> None:
    every = (await desk.get("messages", by="maria")).json()["results"]
    unknown = (await desk.get("messages", by="maria", state="unknown")).json()["results"]
    asked = {"to": lost.to.upper(), "booking_id": str(lost.booking_id), "channel": "email"}
    found = (await desk.get("messages", by="maria", **asked)).json()["results"]
    opened = (await desk.get(f"messages/{lost.id}", by="maria")).json()
    gone = await desk.get(f"messages/{uuid4()}", by="maria")
    scraped = (await desk.http.get("/metrics")).text

    assert len(every) == 2
    assert unknown == found == [opened["message"]]
    assert (opened["message"]["id"], opened["text"]) == (str(lost.id), "{manage_token}")
    assert opened["has_calendar_entry"] is False
    assert (gone.status_code, gone.json()["error_type"]) == (404, "message_not_found")
    assert ("maria", "customer_read", False) in await desk.acts()
    assert 'totetaxi_messages{state="unknown"} 1.0' in scraped
    assert 'totetaxi_messages{state="refused"} 0.0' in scraped


async def test_given_no_way_there_when_sent_again_then_it_is_a_409_on_record(
    desk: Desk, lost: Message
) -> None:
    here = await desk.post(f"messages/{lost.id}/send-again", by="maria")
    async with desk.wiring.ports.unit_of_work() as uow:
        await remember_refusal(lost.refuse("550 no such user"), uow, at=NOW)
        await uow.commit()
    refused = await desk.post(f"messages/{lost.id}/send-again", by="maria")

    assert (here.status_code, here.json()["error_type"]) == (409, "no_message_transport")
    assert (refused.status_code, refused.json()["error_type"]) == (409, "address_refused")
    assert (await desk.acts())[-1] == ("maria", "send_messages", True)


async def test_given_a_lost_message_when_sent_again_then_it_is_queued_and_on_record(
    desk: Desk, lost: Message
) -> None:
    ports = replace(desk.wiring.ports, mail=MemoryTransport())
    async with client_of(create_service(replace(desk.wiring, ports=ports))) as http:
        url, headers = f"/api/staff/messages/{lost.id}/send-again", await desk.headers("maria")
        queued = await http.post(url, headers=headers)
        again = await http.post(url, headers=headers)

    assert (queued.status_code, queued.json()["state"]) == (200, "queued")
    assert (again.status_code, again.json()["error_type"]) == (409, "message_not_resendable")
    assert ("maria", "message_sent_again", False) in await desk.acts()


async def test_given_refused_addresses_when_one_is_taken_off_then_the_rest_stay_on(
    desk: Desk, lost: Message
) -> None:
    others = [a_message(to=f"bob{n}@example.com", created_at=NOW) for n in range(2)]
    async with desk.wiring.ports.unit_of_work() as uow:
        for age, message in enumerate((*others, lost)):
            at = NOW + timedelta(minutes=age)
            await remember_refusal(message.refuse("550 no such user"), uow, at=at)
        await uow.commit()
    path = "messages/refused-addresses"

    first = (await desk.get(path, by="maria", page_size=2)).json()
    rest = (await desk.http.get(first["next"], headers=await desk.headers("maria"))).json()
    url, headers = f"/api/staff/{path}/{lost.id}", await desk.headers("maria")
    taken_off = await desk.http.delete(url, headers=headers)
    again = await desk.http.delete(url, headers=headers)
    left = (await desk.get(path, by="maria")).json()["results"]

    listed = [one["id"] for one in (*first["results"], *rest["results"])]
    assert listed == [str(one.id) for one in (lost, others[1], others[0])]
    assert (taken_off.status_code, taken_off.json()["address"]) == (200, lost.to.lower())
    assert (again.status_code, again.json()["error_type"]) == (404, "address_not_refused")
    assert [one["id"] for one in left] == listed[1:]
    assert ("maria", "address_allowed", False) in await desk.acts()
    assert (await desk.acts())[-1] == ("maria", "send_messages", True)


async def test_given_no_leave_when_messages_are_asked_for_then_it_is_a_403(
    desk: Desk, lost: Message
) -> None:
    await desk.hire("finn", Role.FINANCE)

    listed = await desk.get("messages", by="finn")
    opened = await desk.get(f"messages/{lost.id}", by="finn")
    sent = await desk.post(f"messages/{lost.id}/send-again", by="finn")
    refused = await desk.get("messages/refused-addresses", by="finn")

    assert [one.status_code for one in (listed, opened, sent, refused)] == [403] * 4


async def test_given_a_text_when_twilio_calls_back_then_only_what_it_signed_is_believed(
    database_url: str,
) -> None:
    settings = settings_from(
        {
            "PUBLIC_BASE_URL": PUBLIC,
            "ALLOWED_HOSTS": "*",
            "SMS_URL": f"twilio://{ACCOUNT}:{TOKEN}@{ACCOUNT}/?from=%2B12125550100",
        }
    )
    text = replace(a_message(to="+12125550142"), channel=Channel.SMS, state=MessageState.SENDING)
    async with wired(settings, database_url, sandbox_url=NO_STRIPE) as wiring:
        async with wiring.ports.unit_of_work() as uow:
            await uow.messages.add(text)
            await uow.commit()
        async with client_of(create_service(wiring)) as http:
            forged = await _call_back(http, text.id, token="another")
            told = await _call_back(http, text.id, token=TOKEN)
            strange = await _call_back(http, uuid4(), token=TOKEN)
        async with wiring.ports.unit_of_work() as uow:
            stored = await uow.messages.find(text.id)

    assert (forged.status_code, forged.json()["error_type"]) == (400, "invalid_signature")
    assert (told.status_code, strange.status_code) == (200, 200)
    assert stored is not None
    assert (stored.state, stored.provider_id) == (MessageState.DELIVERED, "SM9")


async def _call_back(http: httpx.AsyncClient, message_id: UUID, *, token: str) -> httpx.Response:
    form = {"MessageSid": "SM9", "MessageStatus": "delivered", "To": "+12125550142"}
    path = f"/api/messages/sms-status/{message_id}"
    signature = signature_of(f"{PUBLIC}{path}", list(form.items()), auth_token=token)
    headers = {"X-Twilio-Signature": signature.decode()}
    return await http.post(path, data=form, headers=headers)


async def test_given_a_lost_message_when_settled_then_nothing_is_sent_and_it_is_over(
    desk: Desk, lost: Message
) -> None:
    settled = await desk.post(f"messages/{lost.id}/settle", {"arrived": True}, by="maria")
    again = await desk.post(f"messages/{lost.id}/settle", {"arrived": False}, by="maria")

    assert (settled.status_code, settled.json()["state"]) == (200, "delivered")
    assert (again.status_code, again.json()["error_type"]) == (409, "message_not_open")
    assert ("maria", "message_settled", False) in await desk.acts()
