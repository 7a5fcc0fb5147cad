"""The messages kept, as a page for browsers and as JSON for programs."""

from dataclasses import replace

import pytest
from litestar import Litestar

from tests.builders import a_message, an_id
from tests.core.bookings.memory_house import MemoryHouse
from tests.http.echo import client_of
from totetaxi_adapters.sandbox.messages import kept_messages, message_as_html
from totetaxi_core.notifications.message import Channel

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PATH = "/sandbox/messages"


@pytest.fixture
def house() -> MemoryHouse:
    return MemoryHouse()


async def test_given_messages_when_a_browser_looks_then_it_sees_all_of_them_as_delivered(
    house: MemoryHouse,
) -> None:
    booking_id = an_id()
    mail = replace(a_message(to="ada@example.com"), subject="<b>Hi</b>", booking_id=booking_id)
    mail = replace(mail, text="Dear Ada,\n\nhttps://x.example/manage?manage_token={manage_token}")
    text = replace(a_message(to="+12125550142"), channel=Channel.SMS, text="We are near.")
    async with house.ports.unit_of_work() as uow:
        for message in (mail, text):
            await uow.messages.add(message)
        await uow.commit()
    makers = (kept_messages, message_as_html)
    app = Litestar(
        route_handlers=[make(house.ports.unit_of_work, house.terms) for make in makers],
        openapi_config=None,
        logging_config=None,
    )

    async with client_of(app) as http:
        every = await http.get(PATH, headers=BROWSER)
        adas = await http.get(PATH, headers=BROWSER, params={"to": "ADA@example.com"})
        as_json = await http.get(PATH, params={"to": "ada@example.com"})
        as_html = await http.get(f"{PATH}/{mail.id}", headers=BROWSER)
        nobody = await http.get(PATH)
        nothing = await http.get(f"{PATH}/{an_id()}", headers=BROWSER)

    token = house.terms.manage_tokens.token(booking_id)
    assert every.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;Hi" in every.text
    assert "We are near." in every.text
    assert token in adas.text
    assert "We are near." not in adas.text
    assert [one["text"].endswith(token) for one in as_json.json()] == [True]
    assert token in as_html.text
    assert (nobody.status_code, nothing.status_code) == (400, 404)
