from typing import Any

import httpx
import pytest

from tests.core.customers.carding import cards_of, save, set_up
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_adapters.memory.cards import DECLINES
from totetaxi_adapters.memory.outage import Outage

CARDS = "/api/customer/payment-methods"
NOBODYS = "00000000-0000-4000-8000-000000000000"
SHOWN = {
    "id",
    "stripe_payment_method_id",
    "card_brand",
    "card_last_four",
    "card_exp_month",
    "card_exp_year",
    "display_name",
    "is_default",
    "created_at",
}


async def test_given_a_customer_when_a_card_is_set_up_and_recorded_then_it_is_the_default(
    service: Service, customer_a: LoggedIn
) -> None:
    begun = await customer_a.http.post(f"{CARDS}/setup-intent")
    service.house.cards.confirm_setup(begun.json()["setup_intent_id"], "4242424242424242")
    body = {"setup_intent_id": begun.json()["setup_intent_id"]}

    saved = await customer_a.http.post(CARDS, json=body)

    assert begun.status_code == 200
    assert set(begun.json()) == {"setup_intent_id", "client_secret", "publishable_key"}
    assert (saved.status_code, set(saved.json())) == (201, SHOWN)
    assert saved.json()["display_name"] == "Visa ending in 4242"
    assert saved.json()["is_default"] is True
    one = await customer_a.http.get(f"{CARDS}/{saved.json()['id']}")
    assert one.json() == saved.json()


async def test_given_three_cards_when_listed_by_the_page_then_each_comes_once(
    service: Service, customer_a: LoggedIn
) -> None:
    for _ in range(3):
        await save(service.house, customer_a.customer)

    first = (await customer_a.http.get(CARDS, params={"page_size": 2})).json()
    path = first["next"].removeprefix(service.house.terms.public_url)
    second = (await customer_a.http.get(path)).json()

    listed = [card["id"] for card in first["results"] + second["results"]]
    assert listed == [str(card.id) for card in await cards_of(service.house, customer_a.customer)]
    assert (first["previous"], second["next"]) == (None, None)


async def test_given_two_cards_when_the_other_is_made_the_default_then_the_former_is_not(
    service: Service, customer_a: LoggedIn
) -> None:
    first = await save(service.house, customer_a.customer)
    second = await save(service.house, customer_a.customer)

    answer = await customer_a.http.patch(f"{CARDS}/{second.id}", json={"is_default": True})

    assert (answer.status_code, answer.json()["is_default"]) == (200, True)
    assert (await customer_a.http.get(f"{CARDS}/{first.id}")).json()["is_default"] is False


async def test_given_the_default_when_removed_then_another_is_it_and_it_is_gone(
    service: Service, customer_a: LoggedIn
) -> None:
    first = await save(service.house, customer_a.customer)
    second = await save(service.house, customer_a.customer)

    removed = await customer_a.http.delete(f"{CARDS}/{first.id}")
    again = await customer_a.http.delete(f"{CARDS}/{first.id}")

    assert (removed.status_code, again.status_code) == (200, 404)
    assert again.json()["error_type"] == "payment_method_not_found"
    [left] = (await customer_a.http.get(CARDS)).json()["results"]
    assert (left["id"], left["is_default"]) == (str(second.id), True)


@pytest.mark.parametrize(
    ("method", "body"), [("GET", None), ("PATCH", {"is_default": True}), ("DELETE", None)]
)
async def test_given_another_s_card_when_asked_for_by_any_method_then_it_is_not_there(
    service: Service,
    customer_a: LoggedIn,
    customer_b: LoggedIn,
    method: str,
    body: dict[str, Any] | None,
) -> None:
    card = await save(service.house, customer_a.customer)
    before = await cards_of(service.house, customer_a.customer)

    theirs = await customer_b.http.request(method, f"{CARDS}/{card.id}", json=body)
    none = await customer_b.http.request(method, f"{CARDS}/{NOBODYS}", json=body)

    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.json()["detail"] == none.json()["detail"]
    assert (await customer_b.http.get(CARDS)).json()["results"] == []
    assert await cards_of(service.house, customer_a.customer) == before


async def test_given_another_s_card_or_setup_when_recorded_then_it_is_not_there(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    card = await save(service.house, customer_a.customer)
    setup_id = await set_up(service.house, customer_a.customer)
    await save(service.house, customer_b.customer)

    for body in (
        {"payment_method_id": card.stripe_payment_method_id},
        {"setup_intent_id": setup_id},
    ):
        answer = await customer_b.http.post(CARDS, json=body)

        assert (answer.status_code, answer.json()["error_type"]) == (
            404,
            "payment_method_not_found",
        )

    assert len(await cards_of(service.house, customer_b.customer)) == 1


async def test_given_a_setup_that_was_declined_when_recorded_then_it_is_incomplete(
    service: Service, customer_a: LoggedIn
) -> None:
    begun = (await customer_a.http.post(f"{CARDS}/setup-intent")).json()
    service.house.cards.confirm_setup(begun["setup_intent_id"], DECLINES)

    answer = await customer_a.http.post(CARDS, json={"setup_intent_id": begun["setup_intent_id"]})

    assert (answer.status_code, answer.json()["error_type"]) == (409, "card_setup_incomplete")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing"),
        ({"payment_method_id": "pm_1", "setup_intent_id": "seti_1"}, "conflicting"),
        ({"payment_method_id": "card_1"}, "bad_format"),
        ({"payment_method_id": "pm_1/../x"}, "bad_format"),
    ],
)
async def test_given_no_one_card_when_recorded_then_the_field_is_named(
    customer_a: LoggedIn, body: dict[str, str], code: str
) -> None:
    answer = await customer_a.http.post(CARDS, json=body)

    [fault] = answer.json()["details"]
    assert answer.status_code == 400
    assert (fault["field"], fault["code"]) == ("payment_method_id", code)


async def test_given_a_default_when_it_shall_be_none_then_it_is_refused(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await save(service.house, customer_a.customer)

    answer = await customer_a.http.patch(f"{CARDS}/{card.id}", json={"is_default": False})

    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "is_default")
    assert await cards_of(service.house, customer_a.customer) == (card,)


async def test_given_twenty_cards_when_one_more_is_set_up_then_it_is_refused(
    service: Service, customer_a: LoggedIn
) -> None:
    cards = [await save(service.house, customer_a.customer) for _ in range(20)]

    refused = await customer_a.http.post(f"{CARDS}/setup-intent")
    await customer_a.http.delete(f"{CARDS}/{cards[0].id}")
    allowed = await customer_a.http.post(f"{CARDS}/setup-intent")

    assert (refused.status_code, refused.json()["error_type"]) == (409, "too_many_saved_cards")
    assert allowed.status_code == 200


async def test_given_a_silent_stripe_when_a_setup_is_begun_then_it_is_to_be_tried_again(
    service: Service, customer_a: LoggedIn
) -> None:
    service.house.stripe.outages.plan(Outage.BEFORE_ACTING)

    answer = await customer_a.http.post(f"{CARDS}/setup-intent")

    assert (answer.status_code, answer.json()["error_type"]) == (503, "payment_unavailable")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CARDS),
        ("POST", CARDS),
        ("POST", f"{CARDS}/setup-intent"),
        ("GET", f"{CARDS}/{NOBODYS}"),
        ("PATCH", f"{CARDS}/{NOBODYS}"),
        ("DELETE", f"{CARDS}/{NOBODYS}"),
        ("POST", f"/api/customer/bookings/{NOBODYS}/pay"),
    ],
)
async def test_given_nobody_when_cards_are_asked_for_then_a_login_is_asked_for(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await stranger.request(method, path, json={} if method != "GET" else None)

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")
