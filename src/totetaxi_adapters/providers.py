"""Which Stripe this process talks to: the real one, or the sandbox."""

from hashlib import sha256
from hmac import digest

from totetaxi_adapters.settings import Settings
from totetaxi_adapters.stripe import (
    StripeCheckoutGateway,
    StripeEventReader,
    StripePaymentGateway,
    StripePaymentRecords,
)

SANDBOX_KEY = "sk_test_sandbox"
LIVE_KEYS = ("sk_live_", "rk_live_")
STRIPE_PATH = "/sandbox/stripe"
WEBHOOK_PATH = "/api/payments/webhook/"


def uses_stripe_sandbox(settings: Settings) -> bool:
    """Tell whether no Stripe was named, so that ours has to answer."""
    return settings.stripe_secret_key is None and settings.stripe_api_base is None


def sandbox_webhook_secret(settings: Settings) -> str:
    """Return the secret that sandbox and webhook share when none is set."""
    key = settings.secret_key.reveal().encode()
    return f"whsec_{digest(key, b'stripe-sandbox', sha256).hex()}"


def stripe_gateway(settings: Settings, *, sandbox_url: str | None) -> StripePaymentGateway:
    """Return the gateway; `sandbox_url` is where the sandbox answers, if it is to be used."""
    key = settings.stripe_secret_key
    base = f"{sandbox_url}{STRIPE_PATH}" if sandbox_url else settings.stripe_api_base
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
