"""Whether Onfleet answers to our key, and tells us what happens to our tasks."""

from collections.abc import Sequence

from totetaxi_adapters.providers import ONFLEET_WEBHOOK_PATH, uses_onfleet_sandbox
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned
from totetaxi_cli.sandbox_check import check_sandbox
from totetaxi_core.logistics.courier_gateway import CourierWebhook
from totetaxi_core.refusal import DomainError

NEEDED = frozenset({"taskStarted", "taskCompleted", "taskFailed", "taskUpdated", "taskDeleted"})


async def check_onfleet(wiring: Wiring) -> HealthCheck:
    """Ask whether the key is good, and which webhooks are registered."""
    settings = wiring.settings
    if uses_onfleet_sandbox(settings):
        asking = wiring.ports.couriers.check()
        return await check_sandbox("onfleet", asking, why=_why_sandbox(settings))
    try:
        await wiring.ports.couriers.check()
        webhooks = await wiring.ports.couriers.list_webhooks()
    except DomainError as error:
        return failed(
            "onfleet",
            f"{error.code}: {error}",
            advice="check ONFLEET_API_KEY, ONFLEET_API_BASE and the way out to the network",
        )
    return webhooks_check(webhooks, webhook_url(settings))


def webhook_url(settings: Settings) -> str:
    """Return where Onfleet is to tell us."""
    return f"{settings.public_base_url.rstrip('/')}{ONFLEET_WEBHOOK_PATH}"


def webhooks_check(webhooks: Sequence[CourierWebhook], url: str) -> HealthCheck:
    """Judge the webhooks; after 300 failures in a row Onfleet disables one and says nothing."""
    ours = _ours(webhooks, url)
    missing = missing_kinds(webhooks, url)
    if not missing:
        return passed("onfleet", f"answers, and tells {url}")
    state = "disabled" if set(missing) <= {one.kind for one in ours} else "not told of"
    return warned(
        "onfleet",
        f"answers; {state}: {', '.join(missing)}",
        advice="run `totetaxi dispatch webhooks --register --as NAME`;"
        " until then tasks are looked at from time to time",
    )


def missing_kinds(webhooks: Sequence[CourierWebhook], url: str) -> tuple[str, ...]:
    """Return the kinds of events of which that address is not told."""
    told = {one.kind for one in _ours(webhooks, url) if one.is_enabled}
    return tuple(sorted(NEEDED - told))


def _ours(webhooks: Sequence[CourierWebhook], url: str) -> list[CourierWebhook]:
    return [one for one in webhooks if one.url.rstrip("/") == url.rstrip("/")]


def _why_sandbox(settings: Settings) -> str:
    if settings.onfleet_mock_mode:
        return "ONFLEET_MOCK_MODE is on"
    return "no ONFLEET_API_KEY is set"
