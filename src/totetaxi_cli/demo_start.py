"""Start a service for the demo, and walk it."""

import httpx
import typer

from totetaxi_adapters.providers import uses_onfleet_sandbox, uses_stripe_sandbox
from totetaxi_adapters.settings import Settings
from totetaxi_cli import interruptible
from totetaxi_cli.command_wiring import quiet_logging, read_settings, ready_database
from totetaxi_cli.demo_drive import DemoDrive
from totetaxi_cli.demo_steps import DemoSteps
from totetaxi_cli.demo_walk import DemoWalk
from totetaxi_cli.service_process import service_beside
from totetaxi_core.refusal import DomainError

CALL_S = 30.0


class DemoRefusedError(DomainError):
    """The demo makes bookings nobody wants, so it keeps away from where real ones are."""

    code = "demo_refused"


def start_demo(card: str) -> None:
    """Walk the demo.

    Raises:
        DemoRefusedError: this is production, or Stripe or Onfleet is the real one.
        DemoStoppedError: a step was refused.
    """
    settings = read_settings()
    if settings.is_production:
        raise DemoRefusedError("the demo does not run in production")
    if not uses_stripe_sandbox(settings):
        raise DemoRefusedError(
            "the demo pays at the sandbox alone: unset STRIPE_SECRET_KEY and STRIPE_API_BASE"
        )
    if not uses_onfleet_sandbox(settings):
        raise DemoRefusedError(
            "the demo drives at the sandbox alone: unset ONFLEET_API_KEY and ONFLEET_API_BASE, or "
            "set ONFLEET_MOCK_MODE=true"
        )
    quiet_logging(settings)
    with ready_database(settings) as database_url:
        interruptible.run(_walk(settings, database_url, card))


async def _walk(settings: Settings, database_url: str, card: str) -> None:
    async with (
        service_beside(settings, database_url) as url,
        httpx.AsyncClient(base_url=url, timeout=CALL_S, trust_env=False) as http,
    ):
        steps = DemoSteps(http)
        booked = await DemoWalk(steps, card=card).walk()
        await DemoDrive(steps, booked, folder=settings.totetaxi_data_dir / "demo").drive()
    typer.echo(
        f"\n{booked.number} is delivered. More: totetaxi bookings show {booked.number} --as NAME"
    )
