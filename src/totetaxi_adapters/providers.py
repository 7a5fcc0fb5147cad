"""Which Stripe and Onfleet this process talks to: the real ones, or the sandbox."""

from hashlib import sha256
from hmac import digest

from totetaxi_adapters.onfleet import (
    API_BASE,
    UPLOAD_URL,
    CallPace,
    OnfleetCourierGateway,
    OnfleetEventReader,
)
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.stripe import (
    StripeCheckoutGateway,
    StripeEventReader,
    StripePaymentGateway,
    StripePaymentRecords,
)
from totetaxi_core.clock import Clock

SANDBOX_KEY = "sk_test_sandbox"
LIVE_KEYS = ("sk_live_", "rk_live_")
STRIPE_PATH = "/sandbox/stripe"
WEBHOOK_PATH = "/api/payments/webhook/"
ONFLEET_SANDBOX_KEY = "sandbox"
ONFLEET_PATH = "/sandbox/onfleet"
ONFLEET_API_PATH = f"{ONFLEET_PATH}/api/v2"
ONFLEET_UPLOAD_PATH = f"{ONFLEET_PATH}/uploads/{{upload_id}}"
ONFLEET_WEBHOOK_PATH = "/api/logistics/webhook/"
# Nobody listens on port 0: a process that is told of no sandbox reaches nothing, and surely not
# the real one.
NO_SANDBOX = "http://127.0.0.1:0"


def uses_sandbox(settings: Settings) -> bool:
    """Tell whether any provider is ours, so that a sandbox has to listen."""
    return uses_stripe_sandbox(settings) or uses_onfleet_sandbox(settings)


def uses_stripe_sandbox(settings: Settings) -> bool:
    """Tell whether no Stripe was named, so that ours has to answer."""
    return settings.stripe_secret_key is None and settings.stripe_api_base is None


def sandbox_webhook_secret(settings: Settings) -> str:
    """Return the secret that sandbox and webhook share when none is set."""
    key = settings.secret_key.reveal().encode()
    return f"whsec_{digest(key, b'stripe-sandbox', sha256).hex()}"


def stripe_gateway(settings: Settings, *, sandbox_url: str | None) -> StripePaymentGateway:
    """Return the gateway; `sandbox_url` is where the sandbox answers, if it is to be used."""
    key, base = settings.stripe_secret_key, settings.stripe_api_base
    if uses_stripe_sandbox(settings):
        base = f"{sandbox_url or NO_SANDBOX}{STRIPE_PATH}"
    return StripePaymentGateway(key.reveal() if key else SANDBOX_KEY, api_base=base)


def stripe_checkout(settings: Settings, gateway: StripePaymentGateway) -> StripeCheckoutGateway:
    """Return the pay pages of the same Stripe, over its gateway's connection."""
    return StripeCheckoutGateway(
        gateway.connection,
        success_url=settings.payment_success_url,
        cancel_url=settings.payment_cancel_url,
    )


def stripe_records(gateway: StripePaymentGateway) -> StripePaymentRecords:
    """Return the lists of the same Stripe, over its gateway's connection."""
    return StripePaymentRecords(gateway.connection)


def stripe_events(settings: Settings) -> StripeEventReader:
    """Return the reader of webhooks, for the mode our key is of."""
    secret, key = settings.stripe_webhook_secret, settings.stripe_secret_key
    return StripeEventReader(
        secret.reveal() if secret else sandbox_webhook_secret(settings),
        livemode=key is not None and key.reveal().startswith(LIVE_KEYS),
    )


def uses_onfleet_sandbox(settings: Settings) -> bool:
    """Tell whether no Onfleet was named, or mock mode keeps us from it."""
    is_named = settings.onfleet_api_key is not None or settings.onfleet_api_base is not None
    return settings.onfleet_mock_mode or not is_named


def sandbox_onfleet_secret(settings: Settings) -> str:
    """Return the secret, in hexadecimal, that sandbox and webhook share when none is set."""
    return digest(settings.secret_key.reveal().encode(), b"onfleet-sandbox", sha256).hex()


def onfleet_secret(settings: Settings) -> str:
    """Return the secret that Onfleet, or the sandbox, signs with."""
    secret = settings.onfleet_webhook_secret
    return secret.reveal() if secret else sandbox_onfleet_secret(settings)


def onfleet_gateway(
    settings: Settings, *, sandbox_url: str | None, limiter: CallPace, clock: Clock
) -> OnfleetCourierGateway:
    """Return the gateway; `sandbox_url` is where the sandbox answers, if it is to be used."""
    if uses_onfleet_sandbox(settings):
        place = sandbox_url or NO_SANDBOX
        return OnfleetCourierGateway(
            ONFLEET_SANDBOX_KEY,
            base_url=f"{place}{ONFLEET_API_PATH}",
            upload_url=f"{place}{ONFLEET_UPLOAD_PATH}",
            pace=limiter,
            clock=clock,
        )
    key = settings.onfleet_api_key
    return OnfleetCourierGateway(
        key.reveal() if key else ONFLEET_SANDBOX_KEY,
        base_url=settings.onfleet_api_base or API_BASE,
        upload_url=settings.onfleet_upload_url or UPLOAD_URL,
        team_id=settings.onfleet_team_id,
        pace=limiter,
        clock=clock,
    )


def onfleet_events(settings: Settings) -> OnfleetEventReader:
    """Return the reader of Onfleet's webhooks."""
    return OnfleetEventReader(onfleet_secret(settings))
