from typing import Any

import httpx
import pytest

from tests.adapters.sandbox.serving import RecordingWebhook, serving
from tests.adapters.sandbox.stripe_server import ORDER, SECRET, StripeServer, running_stripe
from totetaxi_adapters.stripe import StripeEventReader

VISA = "4242424242424242"
DECLINED = "4000000000000002"
ATTACHES_THEN_DECLINES = "4000000000000341"
ASKS_ALWAYS = "4000002760003184"
ASKS_AT_SETUP = "4000002500003155"
NO_REDIRECTS = {"automatic_payment_methods[allow_redirects]": "never"}
CONFIRM = NO_REDIRECTS | {"confirm": "true"}


async def made(server: StripeServer, path: str, form: dict[str, str]) -> dict[str, Any]:
    answer = await server.post(path, form)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def a_customer(server: StripeServer) -> str:
    form = {"email": "ada@example.com", "name": "Ada", "metadata[customer_id]": "ours"}
    customer_id: str = (await made(server, "/v1/customers", form))["id"]
    return customer_id


async def saved(server: StripeServer, customer_id: str, card: str = VISA) -> str:
    """Save a card, approving whatever its bank asks, and return its id."""
    setup = await made(server, "/v1/setup_intents", {"customer": customer_id})
    answer = await server.set_up(setup["id"], card)
    if answer.json()["status"] == "requires_action":
        answer = await server.authenticate_setup(setup["id"], "approve")
    method_id: str = answer.json()["payment_method_id"]
    return method_id


async def order(
    server: StripeServer, customer_id: str, method_id: str, **fields: str
) -> httpx.Response:
    form = ORDER | CONFIRM | {"customer": customer_id, "payment_method": method_id} | fields
    return await server.post("/v1/payment_intents", form)


async def test_given_a_customer_when_changed_then_it_is_shown_as_it_is(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)

    await made(stripe_server, f"/v1/customers/{customer_id}", {"name": "Augusta"})

    customer = await stripe_server.get(f"/v1/customers/{customer_id}")
    assert (customer["object"], customer["email"]) == ("customer", "ada@example.com")
    assert (customer["name"], customer["metadata"]) == ("Augusta", {"customer_id": "ours"})


async def test_given_a_customer_when_deleted_then_only_that_is_shown(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    method_id = await saved(stripe_server, customer_id)
    url = f"{stripe_server.url}/v1/customers/{customer_id}"

    answers = [await stripe_server.http.delete(url) for _ in range(2)]

    shown = {"id": customer_id, "object": "customer", "deleted": True}
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].json() == shown
    assert await stripe_server.get(f"/v1/customers/{customer_id}") == shown
    assert (await stripe_server.get(f"/v1/payment_methods/{method_id}"))["customer"] is None


async def test_given_a_deleted_customer_when_named_then_it_is_missing(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    await stripe_server.http.delete(f"{stripe_server.url}/v1/customers/{customer_id}")

    for path, form in (
        ("/v1/setup_intents", {}),
        ("/v1/payment_intents", ORDER),
    ):
        answer = await stripe_server.post(path, form | {"customer": customer_id})

        error = answer.json()["error"]
        assert answer.status_code == 400
        assert (error["code"], error["param"]) == ("resource_missing", "customer")


@pytest.mark.parametrize(
    ("card", "status"),
    [
        (VISA, "succeeded"),
        (ATTACHES_THEN_DECLINES, "succeeded"),
        (ASKS_AT_SETUP, "requires_action"),
        (ASKS_ALWAYS, "requires_action"),
        (DECLINED, "requires_payment_method"),
    ],
)
async def test_given_a_card_when_set_up_then_its_bank_decides(
    stripe_server: StripeServer, card: str, status: str
) -> None:
    customer_id = await a_customer(stripe_server)
    setup = await made(stripe_server, "/v1/setup_intents", {"customer": customer_id})

    answer = await stripe_server.set_up(setup["id"], card)

    after = await stripe_server.get(f"/v1/setup_intents/{setup['id']}")
    listed = (await stripe_server.get(f"/v1/customers/{customer_id}/payment_methods"))["data"]
    assert answer.status_code == (402 if status == "requires_payment_method" else 200)
    assert "client_secret" not in answer.text
    assert answer.json()["status"] == after["status"] == status
    assert len(listed) == (1 if status == "succeeded" else 0)


async def test_given_a_test_token_when_a_setup_is_confirmed_then_it_is_saved(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    setup = await made(stripe_server, "/v1/setup_intents", {"customer": customer_id})
    path = f"/v1/setup_intents/{setup['id']}/confirm"

    bare = await stripe_server.post(path)
    done = await made(stripe_server, path, {"payment_method": "pm_card_mastercard"})
    again = await stripe_server.post(path, {"payment_method": "pm_card_mastercard"})

    assert bare.json()["error"]["code"] == "setup_intent_unexpected_state"
    assert done["status"] == "succeeded"
    assert again.json()["error"]["code"] == "setup_intent_unexpected_state"


@pytest.mark.parametrize(
    ("card", "status"),
    [(VISA, "succeeded"), (ASKS_AT_SETUP, "succeeded"), (ASKS_ALWAYS, "requires_action")],
)
async def test_given_a_saved_card_when_an_intent_is_made_and_confirmed_then_it_is_charged(
    stripe_server: StripeServer, card: str, status: str
) -> None:
    customer_id = await a_customer(stripe_server)
    method_id = await saved(stripe_server, customer_id, card)

    answer = await order(stripe_server, customer_id, method_id)

    intent = answer.json()
    assert (answer.status_code, intent["status"]) == (200, status)
    assert (intent["customer"], intent["payment_method"]) == (customer_id, method_id)


async def test_given_a_card_that_declines_once_saved_when_charged_then_its_key_keeps_the_402(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    method_id = await saved(stripe_server, customer_id, ATTACHES_THEN_DECLINES)
    form = ORDER | CONFIRM | {"customer": customer_id, "payment_method": method_id}

    answers = [await stripe_server.post("/v1/payment_intents", form, key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [402, 402]
    error = answers[0].json()["error"]
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error == answers[1].json()["error"]
    assert len((await stripe_server.get("/v1/payment_intents"))["data"]) == 1


async def test_given_a_saved_card_when_an_intent_is_only_made_then_it_waits_for_its_confirm(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    method_id = await saved(stripe_server, customer_id)
    intent = (await order(stripe_server, customer_id, method_id, confirm="false")).json()

    paid = await made(stripe_server, f"/v1/payment_intents/{intent['id']}/confirm", {})

    assert (intent["status"], intent["amount_received"]) == ("requires_confirmation", 0)
    assert (paid["status"], paid["payment_method"]) == ("succeeded", method_id)


async def test_given_an_intent_that_may_redirect_when_confirmed_then_it_must_say_where_back(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]

    answer = await stripe_server.post(
        f"/v1/payment_intents/{intent_id}/confirm", {"payment_method": "pm_card_visa"}
    )

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "return_url")
    assert (await stripe_server.get(f"/v1/payment_intents/{intent_id}"))["amount_received"] == 0


async def test_given_a_card_of_another_or_of_nobody_when_charged_then_nothing_is_made(
    stripe_server: StripeServer,
) -> None:
    ada, eve = await a_customer(stripe_server), await a_customer(stripe_server)
    hers, detached = await saved(stripe_server, eve), await saved(stripe_server, ada)
    await made(stripe_server, f"/v1/payment_methods/{detached}/detach", {})

    for method_id in (hers, detached, "pm_none"):
        answer = await order(stripe_server, ada, method_id)

        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "payment_method")

    again = await stripe_server.post(f"/v1/payment_methods/{detached}/detach")
    assert again.status_code == 400
    assert (await stripe_server.get("/v1/payment_intents"))["data"] == []


async def test_given_an_intent_for_future_use_when_paid_then_the_card_is_saved(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    intent = await stripe_server.create_intent(
        customer=customer_id, setup_future_usage="off_session"
    )

    assert (await stripe_server.pay(intent["id"])).status_code == 200

    [card] = (await stripe_server.get(f"/v1/customers/{customer_id}/payment_methods"))["data"]
    paid = await stripe_server.get(f"/v1/payment_intents/{intent['id']}")
    assert (card["id"], card["card"]["last4"]) == (paid["payment_method"], "4242")


async def test_given_three_cards_when_listed_by_the_page_then_none_is_left_out(
    stripe_server: StripeServer,
) -> None:
    customer_id = await a_customer(stripe_server)
    ids = [await saved(stripe_server, customer_id) for _ in range(3)]
    path = f"/v1/customers/{customer_id}/payment_methods?limit=2"

    first = await stripe_server.get(path)
    rest = await stripe_server.get(f"{path}&starting_after={first['data'][-1]['id']}")

    listed = [card["id"] for card in first["data"] + rest["data"]]
    assert listed == ids[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("/setup", {"setup_intent_id": "seti_none", "card": VISA}),
        ("/authenticate", {"setup_intent_id": "seti_none", "outcome": "approve"}),
        ("/authenticate", {"outcome": "approve"}),
        ("/setup", {"card": VISA}),
    ],
)
async def test_given_no_such_setup_when_acted_on_then_it_is_refused(
    stripe_server: StripeServer, route: str, body: dict[str, str]
) -> None:
    answer = await stripe_server.http.post(f"{stripe_server.url}{route}", json=body)

    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["message"]


async def test_given_a_webhook_when_cards_come_and_go_then_each_event_names_their_customer(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        customer_id = await a_customer(server)
        method_id = await saved(server, customer_id)
        await made(server, f"/v1/payment_methods/{method_id}/detach", {})
        await server.http.delete(f"{server.url}/v1/customers/{customer_id}")
        await webhook.wait_until(lambda: "customer.deleted" in webhook.kinds)
        await webhook.wait_until(lambda: "payment_method.detached" in webhook.kinds)

    read = [StripeEventReader(SECRET, livemode=False).read(*sent) for sent in webhook.deliveries]
    named = {event.kind: event.stripe_customer_id for event in read if event.stripe_customer_id}
    assert named == {
        "setup_intent.succeeded": customer_id,
        "payment_method.detached": customer_id,
        "customer.deleted": customer_id,
    }
