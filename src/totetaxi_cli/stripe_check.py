"""Whether Stripe answers to our key, and tells us what becomes of payments."""

from collections.abc import Sequence

from totetaxi_adapters.providers import (
    LIVE_KEYS,
    WEBHOOK_PATH,
    stripe_gateway,
    uses_stripe_sandbox,
)
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.stripe.own_account import StripeOwnAccount, WebhookEndpoint
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned
from totetaxi_cli.sandbox_check import check_sandbox
from totetaxi_core.refusal import DomainError

NAME = "stripe"
NEEDED = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "checkout.session.completed",
    "charge.refunded",
    "refund.updated",
    "charge.dispute.created",
    "charge.dispute.closed",
)


async def check_stripe(wiring: Wiring) -> HealthCheck:
    """Ask for the balance, which changes nothing, and for the webhook endpoints."""
    settings = wiring.settings
    gateway = stripe_gateway(settings, sandbox_url=wiring.sandbox_url)
    account = StripeOwnAccount(gateway.connection)
    try:
        if uses_stripe_sandbox(settings):
            return await check_sandbox(NAME, account.check(), why="no STRIPE_SECRET_KEY is set")
        await account.check()
        endpoints = await account.endpoints()
    except DomainError as error:
        return failed(
            NAME,
            f"{mode(settings)} mode: {error.code}: {error}",
            advice="check STRIPE_SECRET_KEY, STRIPE_API_BASE and the way out to the network",
        )
    finally:
        await gateway.close()
    return endpoints_check(endpoints, webhook_url(settings), mode(settings))


def webhook_url(settings: Settings) -> str:
    """Return where Stripe is to tell us."""
    return f"{settings.public_base_url.rstrip('/')}{WEBHOOK_PATH}"


def endpoints_check(endpoints: Sequence[WebhookEndpoint], url: str, mode: str) -> HealthCheck:
    """Judge the endpoints of our address."""
    ours = [one for one in endpoints if one.url.rstrip("/") == url.rstrip("/")]
    enabled = [one for one in ours if one.is_enabled]
    missing = [kind for kind in NEEDED if not any(one.tells_of(kind) for one in enabled)]
    if not missing:
        return passed(NAME, f"answers, in {mode} mode, and tells {url}")
    if not ours:
        state = f"no webhook endpoint is {url}"
    elif not enabled:
        state = f"the webhook endpoint {url} is disabled"
    else:
        state = f"not told of: {', '.join(missing)}"
    return warned(
        NAME,
        f"answers, in {mode} mode; {state}",
        advice="put it right in Stripe's dashboard, under Webhooks;"
        " until then payments are looked at from time to time",
    )


def mode(settings: Settings) -> str:
    """Return `live` or `test`, or where a Stripe of one's own is."""
    if settings.stripe_api_base is not None:
        return f"test ({settings.stripe_api_base})"
    key = settings.stripe_secret_key
    return "live" if key is not None and key.reveal().startswith(LIVE_KEYS) else "test"
