import pytest

from tests.adapters.sandbox.stripe_server import ORDER, StripeServer


async def test_given_an_order_when_created_then_the_intent_has_stripes_shape(
    stripe_server: StripeServer,
) -> None:
    fields = {"metadata[booking_id]": "b-1", "receipt_email": "ann@example.com"}

    created = await stripe_server.create_intent(**fields)

    assert created["status"] == "requires_payment_method"
    assert created["amount"] == 12_500
    assert created["metadata"] == {"booking_id": "b-1"}
    assert created["client_secret"].startswith(f"{created['id']}_secret_")
    assert await stripe_server.get(f"/v1/payment_intents/{created['id']}") == created


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "49"}, "amount_too_small"),
        ({"amount": "0"}, "parameter_invalid_integer"),
        ({"amount": "12.5"}, "parameter_invalid_integer"),
        ({"amount": "-50"}, "parameter_invalid_integer"),
        ({"amount": "100000000"}, "amount_too_large"),
        ({"amount": ""}, "parameter_missing"),
        ({"currency": ""}, "parameter_missing"),
        ({"idempotency_key": "k"}, "parameter_unknown"),
        ({"statement_descriptor": "TOTETAXI"}, "parameter_unknown"),
        ({"confirm": "true"}, "payment_intent_unexpected_state"),
    ],
)
async def test_given_a_bad_order_when_created_then_it_is_refused_by_its_code(
    stripe_server: StripeServer, fields: dict[str, str], code: str
) -> None:
    order = ORDER | fields

    answer = await stripe_server.post("/v1/payment_intents", order)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert (await stripe_server.get("/v1/payment_intents"))["data"] == []


@pytest.mark.parametrize(
    "body", [b"amount[=5", b"amount=%00", b"amount=%ff", b"a=1&a[b]=2", b"[x]=1", b"&" * 2_000]
)
async def test_given_a_malformed_body_when_posted_then_it_is_a_400(
    stripe_server: StripeServer, body: bytes
) -> None:
    url = f"{stripe_server.url}/v1/payment_intents"

    answer = await stripe_server.http.post(url, content=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer sk_live_1", "Bearer pk_test_1", "Basic !", "Bearer sk_test_"]
)
async def test_given_no_test_key_when_called_then_it_is_a_401(
    stripe_server: StripeServer, authorization: str
) -> None:
    url = f"{stripe_server.url}/v1/payment_intents"

    answer = await stripe_server.http.get(url, headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_given_a_key_as_user_name_when_called_then_it_is_accepted(
    stripe_server: StripeServer,
) -> None:
    url = f"{stripe_server.url}/v1/payment_intents"

    answer = await stripe_server.http.get(url, auth=("sk_test_any", ""), headers={})

    assert answer.status_code == 200


async def test_given_five_intents_when_listed_by_two_then_pages_are_newest_first(
    stripe_server: StripeServer,
) -> None:
    made = [(await stripe_server.create_intent())["id"] for _ in range(5)]

    first = await stripe_server.get("/v1/payment_intents?limit=2")
    after = first["data"][-1]["id"]
    rest = await stripe_server.get(f"/v1/payment_intents?limit=3&starting_after={after}")

    assert [intent["id"] for intent in first["data"] + rest["data"]] == made[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)


async def test_given_a_paid_intent_when_listed_expanded_then_the_charge_is_an_object(
    stripe_server: StripeServer,
) -> None:
    intent_id = await stripe_server.create_paid_intent()

    listed = await stripe_server.get("/v1/payment_intents?expand[]=data.latest_charge")

    charge = listed["data"][0]["latest_charge"]
    assert (charge["payment_intent"], charge["status"]) == (intent_id, "succeeded")
    assert charge["payment_method_details"]["card"]["last4"] == "4242"
    assert await stripe_server.get(f"/v1/charges/{charge['id']}") == charge


async def test_given_a_test_token_when_confirmed_then_the_intent_is_paid(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]

    answer = await stripe_server.post(
        f"/v1/payment_intents/{intent_id}/confirm",
        {"payment_method": "pm_card_visa", "return_url": "https://totetaxi.example"},
    )

    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    assert answer.json()["amount_received"] == 12_500


async def test_given_a_paid_intent_when_paid_again_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    intent_id = await stripe_server.create_paid_intent()

    answer = await stripe_server.pay(intent_id)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "payment_intent_unexpected_state"
    assert answer.json()["status"] == "succeeded"


async def test_given_an_unknown_path_when_called_then_it_is_a_404_of_stripes_shape(
    stripe_server: StripeServer,
) -> None:
    answer = await stripe_server.post("/v1/unheard_of")

    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]
