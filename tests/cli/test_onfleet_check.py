"""What the doctor says of Onfleet's webhooks."""

from totetaxi_adapters.settings import settings_from
from totetaxi_cli.health_check import Verdict
from totetaxi_cli.onfleet_check import NEEDED, webhook_url, webhooks_check
from totetaxi_core.logistics.courier_gateway import CourierWebhook

URL = "https://api.totetaxi.example/api/logistics/webhook/"


def registered(*, url: str = URL, disabled: str = "") -> list[CourierWebhook]:
    return [
        CourierWebhook(id=kind, url=url, kind=kind, is_enabled=kind != disabled) for kind in NEEDED
    ]


def test_given_the_webhooks_that_count_when_examined_then_all_is_well() -> None:
    check = webhooks_check(registered(url=URL.rstrip("/")), URL)

    assert check.verdict is Verdict.OK


def test_given_one_that_onfleet_disabled_when_examined_then_it_is_named() -> None:
    check = webhooks_check(registered(disabled="taskFailed"), URL)

    assert (check.verdict, check.message) == (Verdict.WARN, "answers; disabled: taskFailed")


def test_given_only_somebody_else_s_when_examined_then_the_command_to_run_is_told() -> None:
    check = webhooks_check(registered(url="https://elsewhere.example/"), URL)

    assert check.verdict is Verdict.WARN
    assert "not told of: taskCompleted, taskDeleted" in check.message
    assert "totetaxi dispatch webhooks" in (check.advice or "")


def test_given_a_base_address_when_asked_then_the_webhook_is_below_it() -> None:
    settings = settings_from({"PUBLIC_BASE_URL": "https://api.totetaxi.example/"})

    assert webhook_url(settings) == URL
