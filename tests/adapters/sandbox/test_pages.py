import pytest

from tests.adapters.sandbox.stripe_server import StripeServer

ASKS = "4000 0027 6000 3184"
TAKES_TIME = "4000000000008880"


async def test_given_a_payment_when_its_pages_are_read_then_texts_are_escaped_and_no_secret_shows(
    stripe_server: StripeServer,
) -> None:
    created = await stripe_server.create_intent(**{"metadata[booking_number]": "<b>TT-1"})

    index = await stripe_server.http.get(stripe_server.url.removesuffix("/stripe"))
    listing = await stripe_server.http.get(stripe_server.url)
    page = await stripe_server.http.get(f"{stripe_server.url}/pay/{created['id']}")

    assert 'href="/sandbox/stripe"' in index.text
    assert created["id"] in listing.text
    assert "$125.00" in page.text
    for text in (listing.text, page.text):
        assert "&lt;b&gt;TT-1" in text
        assert created["client_secret"] not in text


async def test_given_a_browser_when_it_pays_then_it_comes_back_to_the_paid_page(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]
    form = {"payment_intent_id": intent_id, "card": "4242424242424242"}

    answer = await stripe_server.http.post(
        f"{stripe_server.url}/pay", data=form, follow_redirects=True
    )

    assert answer.history[0].status_code == 303
    assert "<strong>succeeded</strong>" in answer.text


async def test_given_a_browser_when_its_card_is_declined_then_the_page_says_why(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]
    form = {"payment_intent_id": intent_id, "card": "4000000000009995"}

    answer = await stripe_server.http.post(
        f"{stripe_server.url}/pay", data=form, follow_redirects=True
    )

    assert "Your card has insufficient funds." in answer.text


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000 0000 0000 0002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", None),
        ("4012888888881881", "card_declined", "test_mode_live_card"),
        ("4242424242424241", "incorrect_number", None),
        ("", "incorrect_number", None),
        ("٤٢٤٢", "incorrect_number", None),
    ],
)
async def test_given_a_bad_card_when_a_program_pays_then_it_is_a_402_without_secrets(
    stripe_server: StripeServer, card: str, code: str, decline_code: str | None
) -> None:
    created = await stripe_server.create_intent()

    answer = await stripe_server.pay(created["id"], card)

    assert answer.status_code == 402
    assert answer.json()["status"] == "requires_payment_method"
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"].get("decline_code") == decline_code
    assert created["client_secret"] not in answer.text


@pytest.mark.parametrize(("card", "waits"), [(ASKS, "requires_action"), (TAKES_TIME, "processing")])
@pytest.mark.parametrize(
    ("outcome", "status", "ends"),
    [("approve", 200, "succeeded"), ("deny", 402, "requires_payment_method")],
)
async def test_given_a_card_that_waits_when_decided_then_the_intent_moves_on(
    stripe_server: StripeServer, card: str, waits: str, outcome: str, status: int, ends: str
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]
    paid = await stripe_server.pay(intent_id, card)

    decided = await stripe_server.authenticate(intent_id, outcome)

    assert paid.json() == {"payment_intent_id": intent_id, "status": waits}
    assert (decided.status_code, decided.json()["status"]) == (status, ends)
    assert (await stripe_server.get(f"/v1/payment_intents/{intent_id}"))["status"] == ends


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"payment_intent_id": 5, "card": "4242424242424242"}',
        b'{"payment_intent_id": "pi", "card": 4242424242424242}',
        b'{"payment_intent_id": "pi", "card": "4242424242424242", "more": 1}',
        b'{"payment_intent_id": "p\\u0000i", "card": "4242424242424242"}',
    ],
)
async def test_given_a_bad_body_when_a_program_pays_then_it_is_a_400(
    stripe_server: StripeServer, body: bytes
) -> None:
    answer = await stripe_server.http.post(f"{stripe_server.url}/pay", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid body")


async def test_given_an_unknown_intent_when_paid_or_shown_then_it_is_a_404(
    stripe_server: StripeServer,
) -> None:
    paid = await stripe_server.pay("pi_none")

    shown = await stripe_server.http.get(f"{stripe_server.url}/pay/pi_none")

    assert (paid.status_code, shown.status_code) == (404, 404)
    assert paid.json()["error"]["code"] == "resource_missing"
