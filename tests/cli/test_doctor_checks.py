"""What the doctor makes of what it is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from tests.adapters.sms.local_twilio import LocalTwilio, local_twilio
from totetaxi_adapters.setting_values import Environment
from totetaxi_adapters.settings import Settings, settings_from
from totetaxi_adapters.stripe.own_account import WebhookEndpoint
from totetaxi_cli.certificate_check import check_certificate, judge
from totetaxi_cli.database_checks import judge_clock, judge_version
from totetaxi_cli.health_check import Verdict
from totetaxi_cli.stripe_check import NEEDED, endpoints_check, webhook_url
from totetaxi_cli.transport_checks import check_mail, check_texts

NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)
URL = "https://api.totetaxi.com/api/payments/webhook/"
ALL = WebhookEndpoint(url=URL, status="enabled", enabled_events=["*"])
ACCOUNT = "AC" + "0" * 32


@pytest.mark.parametrize(
    ("endpoints", "verdict", "words"),
    [
        ((), Verdict.WARN, "no webhook endpoint is "),
        ((ALL,), Verdict.OK, "tells "),
        ((attrs.evolve(ALL, url=URL.rstrip("/")),), Verdict.OK, "tells "),
        ((attrs.evolve(ALL, status="disabled"),), Verdict.WARN, "is disabled"),
        ((attrs.evolve(ALL, url="https://elsewhere.example.com/"),), Verdict.WARN, "no webhook"),
        ((attrs.evolve(ALL, enabled_events=list(NEEDED)),), Verdict.OK, "tells "),
        (
            (attrs.evolve(ALL, enabled_events=list(NEEDED[1:])),),
            Verdict.WARN,
            "not told of: payment_intent.succeeded",
        ),
    ],
)
def test_given_webhook_endpoints_when_judged_then_what_is_missing_is_named(
    endpoints: tuple[WebhookEndpoint, ...], verdict: Verdict, words: str
) -> None:
    check = endpoints_check(endpoints, URL, "live")

    assert check.verdict is verdict
    assert words in check.message
    assert (check.advice is None) is (verdict is Verdict.OK)


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(-1, Verdict.FAIL), (0, Verdict.FAIL), (20, Verdict.WARN), (40, Verdict.OK)],
)
def test_given_a_certificate_when_judged_then_it_counts_how_long_it_holds(
    days: int, verdict: Verdict
) -> None:
    assert judge(NOW + timedelta(days=days), now=NOW).verdict is verdict


async def test_given_nobody_at_the_public_address_when_examined_then_it_is_a_warning() -> None:
    check = await check_certificate("https://127.0.0.1:1")

    assert check.verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0.4, Verdict.OK),
        (-1.9, Verdict.OK),
        (5, Verdict.WARN),
        (-5, Verdict.WARN),
        (31, Verdict.FAIL),
    ],
)
def test_given_two_clocks_when_judged_then_a_minute_apart_is_too_much(
    seconds: float, verdict: Verdict
) -> None:
    assert judge_clock(timedelta(seconds=seconds)).verdict is verdict


@pytest.mark.parametrize(
    ("number", "verdict"), [(140_022, Verdict.FAIL), (150_000, Verdict.OK), (180_006, Verdict.OK)]
)
def test_given_a_version_of_postgresql_when_judged_then_before_15_is_too_old(
    number: int, verdict: Verdict
) -> None:
    assert judge_version("any", number).verdict is verdict


def test_given_a_public_address_when_the_webhooks_is_told_then_it_is_below_it() -> None:
    assert webhook_url(_settings(PUBLIC_BASE_URL="https://api.totetaxi.com/")) == URL


@pytest.fixture
async def twilio() -> AsyncIterator[LocalTwilio]:
    async with local_twilio() as made:
        yield made


async def test_given_twilio_takes_our_login_when_examined_then_texts_are_well_and_none_is_sent(
    twilio: LocalTwilio,
) -> None:
    twilio.refusal = (200, 0)

    check = await check_texts(_texting(twilio))

    assert (check.verdict, twilio.taken) == (Verdict.OK, [])


async def test_given_twilio_refuses_our_login_when_examined_then_texts_fail(
    twilio: LocalTwilio,
) -> None:
    twilio.refusal = (401, 20003)

    check = await check_texts(_texting(twilio))

    assert (check.verdict, check.message) == (Verdict.FAIL, "Twilio: answered 401")
    assert "hush-hush" not in str(check)


async def test_given_nothing_to_send_by_in_production_when_examined_then_it_is_a_warning() -> None:
    settings = attrs.evolve(_settings(), environment=Environment.PRODUCTION)

    checks = [await check_mail(settings), await check_texts(settings)]

    assert [check.verdict for check in checks] == [Verdict.WARN] * 2


def _settings(**environ: str) -> Settings:
    return settings_from({"HOME": "/nowhere", **environ})


def _texting(twilio: LocalTwilio) -> Settings:
    login = f"{ACCOUNT}:hush-hush@{ACCOUNT}"
    return _settings(SMS_URL=f"twilio://{login}/?from=%2B12125550100&base={twilio.base}")
