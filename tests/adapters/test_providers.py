"""Which Stripe and Onfleet a process talks to."""

import hmac

import httpx
import pytest

from tests.adapters.onfleet.courier_orders import FreePace
from tests.builders import NOW
from totetaxi_adapters.providers import (
    onfleet_events,
    onfleet_gateway,
    onfleet_secret,
    stripe_gateway,
    uses_onfleet_sandbox,
    uses_sandbox,
)
from totetaxi_adapters.settings import SettingsError, settings_from
from totetaxi_adapters.stripe.own_account import StripeOwnAccount
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError
from totetaxi_core.payments.gateway import PaymentUnavailableError

KEY = {"ONFLEET_API_KEY": "real", "ONFLEET_API_BASE": "http://127.0.0.1:9/api/v2"}
STRIPE = {"STRIPE_SECRET_KEY": "sk_test_x"}


@pytest.mark.parametrize(
    ("given", "is_sandbox"),
    [
        ({}, True),
        (KEY, True),  # mock mode is on outside production: a key of the desk reaches nobody
        (KEY | {"ONFLEET_MOCK_MODE": "true"}, True),
        ({"ONFLEET_MOCK_MODE": "false"}, True),
        (KEY | {"ONFLEET_MOCK_MODE": "false"}, False),
    ],
)
def test_given_the_settings_when_asked_then_mock_mode_or_no_name_means_the_sandbox(
    given: dict[str, str], *, is_sandbox: bool
) -> None:
    settings = settings_from(given | STRIPE)

    assert uses_onfleet_sandbox(settings) is is_sandbox
    assert uses_sandbox(settings) is is_sandbox
    assert uses_sandbox(settings_from(given))


async def test_given_mock_mode_without_a_sandbox_when_called_then_nobody_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[httpx.URL] = []
    send = httpx.AsyncHTTPTransport.handle_async_request

    async def watched(transport: httpx.AsyncHTTPTransport, one: httpx.Request) -> httpx.Response:
        asked.append(one.url)
        return await send(transport, one)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", watched)
    gateway = onfleet_gateway(
        settings_from(KEY), sandbox_url=None, limiter=FreePace(), clock=lambda: NOW
    )

    with pytest.raises(CourierUnavailableError):
        await gateway.check()

    await gateway.close()
    assert {(one.host, one.port) for one in asked} == {("127.0.0.1", 0)}


async def test_given_no_key_and_no_sandbox_when_stripe_is_opened_then_it_is_not_the_real_one() -> (
    None
):
    gateway = stripe_gateway(settings_from({}), sandbox_url=None)

    with pytest.raises(PaymentUnavailableError):
        await StripeOwnAccount(gateway.connection).check()

    await gateway.close()
    assert "http://127.0.0.1:0/" in repr(vars(gateway.connection))


def test_given_no_secret_when_events_are_read_then_sandbox_and_reader_share_a_made_one() -> None:
    one, other = settings_from({}), settings_from({"SECRET_KEY": "x" * 40})
    body = b'{"taskId": "abc", "triggerId": 3}'
    signature = hmac.digest(bytes.fromhex(onfleet_secret(one)), body, "sha512").hex()

    assert onfleet_events(one).read(body, signature).onfleet_task_id == "abc"
    assert bytes.fromhex(onfleet_secret(one)) != bytes.fromhex(onfleet_secret(other))
    assert onfleet_secret(settings_from({"ONFLEET_WEBHOOK_SECRET": "aa"})) == "aa"


async def test_given_a_stripe_key_and_an_onfleet_sandbox_when_wired_then_stripe_stays_real() -> (
    None
):
    settings = settings_from(STRIPE | {"STRIPE_API_BASE": "http://127.0.0.1:9"})

    gateway = stripe_gateway(settings, sandbox_url="http://127.0.0.1:8000")

    assert uses_sandbox(settings)
    assert "127.0.0.1:9'" in repr(vars(gateway.connection))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONFLEET_WEBHOOK_SECRET", "not hexadecimal"),
        ("ONFLEET_WEBHOOK_SECRET", "abc"),
        ("ONFLEET_UPLOAD_URL", "https://pictures.example/800x.png"),
        ("ONFLEET_UPLOAD_URL", "pictures.example/{upload_id}"),
    ],
)
def test_given_a_value_that_cannot_work_when_read_then_the_setting_is_named(
    name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({name: value})

    assert caught.value.problems.keys() == {name}
    assert value not in str(caught.value)
