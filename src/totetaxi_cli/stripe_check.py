"""Whether Stripe answers to our key, asked by a call that changes nothing."""

from totetaxi_adapters.providers import LIVE_KEYS, uses_stripe_sandbox
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.health_check import HealthCheck, failed, passed
from totetaxi_core.payments.gateway import IntentNotFoundError
from totetaxi_core.refusal import DomainError

NO_INTENT = "pi_totetaxi_doctor"


async def check_stripe(wiring: Wiring) -> HealthCheck:
    """Ask for an intent that does not exist: being told so proves key and connection."""
    settings = wiring.settings
    if uses_stripe_sandbox(settings):
        return passed("stripe", "the sandbox answers: no STRIPE_SECRET_KEY is set")
    try:
        await wiring.ports.payments.get_intent(NO_INTENT)
    except IntentNotFoundError:
        return passed("stripe", f"answers, in {mode(settings)} mode")
    except DomainError as error:
        return failed(
            "stripe",
            f"{mode(settings)} mode: {error.code}: {error}",
            advice="check STRIPE_SECRET_KEY, STRIPE_API_BASE and the way out to the network",
        )
    return passed("stripe", f"answers, in {mode(settings)} mode")


def mode(settings: Settings) -> str:
    """Return `live` or `test`, or where a Stripe of one's own is."""
    if settings.stripe_api_base is not None:
        return f"test ({settings.stripe_api_base})"
    key = settings.stripe_secret_key
    return "live" if key is not None and key.reveal().startswith(LIVE_KEYS) else "test"
