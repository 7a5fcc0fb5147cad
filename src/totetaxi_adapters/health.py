"""How the parts of the service are."""

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring
from totetaxi_adapters.worker import SCHEDULER, WORKER
from totetaxi_core.refusal import DomainError

SILENT_AFTER: Final = timedelta(seconds=45)
HEALTHY: Final = "healthy"


@attrs.frozen(kw_only=True)
class ServiceHealth:
    """`services` by name; `heartbeats` are UTC, None if there never was one."""

    checked_at: datetime
    services: dict[str, str]
    heartbeats: dict[str, datetime | None]

    @property
    def database_answers(self) -> bool:
        return self.services["database"] == HEALTHY

    @property
    def is_healthy(self) -> bool:
        return not any(state.startswith("unhealthy") for state in self.services.values())


async def check_health(wiring: Wiring) -> ServiceHealth:
    """Ask the database, and look at the last signs of life of worker and scheduler."""
    now = datetime.now(UTC)
    try:
        beats = {name: await wiring.heartbeats.last(name) for name in (WORKER, SCHEDULER)}
        database = HEALTHY
    except DomainError as error:
        beats, database = {WORKER: None, SCHEDULER: None}, f"unhealthy: {error.code}"
    services = {"database": database, "cache": HEALTHY}
    services |= {name: _state_of(beat, now) for name, beat in beats.items()}
    services |= _providers(wiring.settings)
    return ServiceHealth(checked_at=now, services=services, heartbeats=dict(beats))


def is_silent(beat: datetime | None, now: datetime) -> bool:
    """Tell whether the last sign of life is too long ago, or never was."""
    return beat is None or now - beat > SILENT_AFTER


def _state_of(beat: datetime | None, now: datetime) -> str:
    if beat is None:
        return "unhealthy: never seen"
    if is_silent(beat, now):
        return f"unhealthy: silent since {beat:%Y-%m-%dT%H:%M:%SZ}"
    return HEALTHY


def _providers(settings: Settings) -> dict[str, str]:
    real_stripe = settings.stripe_secret_key is not None
    real_onfleet = settings.onfleet_api_key is not None and not settings.onfleet_mock_mode
    return {
        "stripe": "configured" if real_stripe else "mocked",
        "onfleet": "configured" if real_onfleet else "mocked",
    }
