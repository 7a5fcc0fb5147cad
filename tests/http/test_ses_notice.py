"""Bounces and complaints over HTTP, as SNS brings them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import httpx
import pytest
from litestar import Litestar

from tests.adapters.ses.amazon import Amazon, as_body, bounce, complaint, notice, question, signed
from tests.builders import a_message
from tests.core.bookings.account_holder import a_house_with_accounts
from tests.core.bookings.memory_house import MemoryHouse
from tests.http.echo import client_of
from tests.http.service import service_app
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.providers import onfleet_events, stripe_events
from totetaxi_adapters.settings import settings_from
from totetaxi_core.notifications.message import Message, MessageState
from totetaxi_core.notifications.send_again import forget_refusal
from totetaxi_http.dependencies import service_state

PATH = "/api/messages/ses-notice"
AS_SNS = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}
SENT = replace(a_message(), state=MessageState.SENT, provider_id="0100-1")


@dataclass(kw_only=True)
class Post:
    """A service that Amazon tells of its mails."""

    house: MemoryHouse
    app: Litestar
    http: httpx.AsyncClient

    async def keep(self, message: Message) -> Message:
        async with self.house.ports.unit_of_work() as uow:
            await uow.messages.add(message)
            await uow.commit()
        return message

    async def tell(self, told: Mapping[str, object], *, version: str = "2") -> httpx.Response:
        body = as_body(signed(notice(told), version=version))
        answer = await self.http.post(PATH, content=body, headers=AS_SNS)
        assert answer.status_code == 200, answer.text
        return answer

    def state(self, message: Message) -> MessageState:
        return self.house.database.messages.rows[message.id].state

    def refused(self) -> list[str]:
        return [address for _, address in self.house.database.refused_addresses.rows]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    house, app, settings = await a_house_with_accounts(), service_app(), settings_from({})
    async with CurrentBook.following(house.ports) as current_book:
        app.state.update(
            service_state(
                ports=house.ports,
                current_terms=CurrentTerms(house.ports, house.terms),
                credentials=house.credentials,
                current_book=current_book,
                events=stripe_events(settings),
                courier_events=onfleet_events(settings),
                publishable_key=None,
                ses_notices=Amazon().reader(),
            )
        )
        async with client_of(app) as http:
            yield Post(house=house, app=app, http=http)


@pytest.mark.parametrize("version", ["1", "2"])
async def test_given_a_sent_mail_when_it_bounces_for_good_then_nothing_goes_there_any_more(
    post: Post, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    mail = await post.keep(SENT)

    await post.tell(bounce(mail.to, "stranger@example.com"), version=version)

    assert post.state(mail) is MessageState.REFUSED
    assert post.refused() == [mail.to.lower()]
    assert mail.to.lower() not in caplog.text.lower()


async def test_given_a_delivered_mail_when_its_reader_complains_then_nothing_goes_there_any_more(
    post: Post,
) -> None:
    mail = await post.keep(replace(SENT, state=MessageState.DELIVERED))

    await post.tell(complaint(mail.to.upper(), complaintFeedbackType="abuse"))

    assert (post.state(mail), post.refused()) == (MessageState.REFUSED, [mail.to.lower()])


async def test_given_notices_in_any_order_and_again_when_told_then_the_bounce_stands(
    post: Post,
) -> None:
    mail = await post.keep(SENT)
    delivered = {"eventType": "Delivery", "mail": {"messageId": "0100-1"}}

    await post.tell(bounce(mail.to, kind="Transient"))
    transient = (post.state(mail), post.refused())
    await post.tell(delivered)
    arrived = post.state(mail)
    for told in (bounce(mail.to), delivered, bounce(mail.to), complaint(mail.to)):
        await post.tell(told)

    assert transient == (MessageState.SENT, [])
    assert arrived is MessageState.DELIVERED
    assert (post.state(mail), post.refused()) == (MessageState.REFUSED, [mail.to.lower()])


async def test_given_an_address_that_is_allowed_again_when_the_old_notice_comes_then_it_stays_so(
    post: Post,
) -> None:
    mail = await post.keep(SENT)
    await post.tell(bounce(mail.to))
    await forget_refusal(mail.to, post.house.ports, staff_name="maria")

    await post.tell(bounce(mail.to))

    assert post.refused() == []


async def test_given_a_mail_that_is_not_ours_when_it_bounces_then_nobody_is_remembered(
    post: Post,
) -> None:
    mail = await post.keep(SENT)

    await post.tell(bounce(mail.to, ses_id="0100-2"))

    assert (post.state(mail), post.refused()) == (MessageState.SENT, [])


async def test_given_a_lost_answer_when_ses_tells_of_the_mail_then_it_is_known_by_its_header(
    post: Post,
) -> None:
    lost = replace(SENT, state=MessageState.UNKNOWN, provider_id=None)
    mail = await post.keep(lost)
    header = {"name": "X-ToteTaxi-Message", "value": str(mail.id)}

    await post.tell({"eventType": "Send", "mail": {"messageId": "0100-9", "headers": [header]}})

    kept = post.house.database.messages.rows[mail.id]
    assert (kept.state, kept.provider_id) == (MessageState.SENT, "0100-9")


async def test_given_a_forged_notice_when_told_then_it_is_refused_and_the_question_is_answered(
    post: Post,
) -> None:
    mail = await post.keep(SENT)
    forged = signed(notice(bounce(mail.to))) | {"Message": "{}"}

    refused = await post.http.post(PATH, content=as_body(forged), headers=AS_SNS)
    asked = await post.http.post(PATH, content=as_body(signed(question())), headers=AS_SNS)

    assert (refused.status_code, refused.json()["error_type"]) == (400, "invalid_signature")
    assert (asked.status_code, asked.json()) == (200, {"received": True})
    assert post.state(mail) is MessageState.SENT


async def test_given_amazon_away_or_no_topic_when_told_then_it_is_a_503_or_a_404(
    post: Post,
) -> None:
    body = as_body(signed(notice(bounce("ada@example.com"))))
    post.app.state["ses_notices"] = Amazon(is_away=True).reader()
    away = await post.http.post(PATH, content=body, headers=AS_SNS)
    post.app.state["ses_notices"] = None
    unnamed = await post.http.post(PATH, content=body, headers=AS_SNS)

    assert (away.status_code, away.json()["error_type"]) == (503, "carrier_unavailable")
    assert "retry-after" in away.headers
    assert (unnamed.status_code, unnamed.json()["error_type"]) == (404, "not_found")
