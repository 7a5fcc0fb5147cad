"""The service: every handler, on a process that is wired."""

from litestar import Litestar
from litestar.types import ControllerRouterHandler
from prometheus_client import CollectorRegistry

from totetaxi_adapters.health import check_health
from totetaxi_adapters.providers import stripe_events
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.bookings.place_booking import PriceChangedError
from totetaxi_core.refusal import DomainError
from totetaxi_http.app import create_app
from totetaxi_http.dependencies import SERVICE_DEPENDENCIES, service_state
from totetaxi_http.health import HealthReport
from totetaxi_http.payments.router import payments_router
from totetaxi_http.public.router import public_router
from totetaxi_http.schemas.preview import LineResponse


def service_handlers() -> list[ControllerRouterHandler]:
    """Return every handler of the service, less health and metrics."""
    return [public_router(), payments_router()]


def create_service(wiring: Wiring) -> Litestar:
    """Return the application; it uses the wiring and does not close it."""

    async def health() -> HealthReport:
        state = await check_health(wiring)
        return HealthReport(
            status="healthy" if state.is_healthy else "unhealthy",
            timestamp=state.checked_at,
            services=state.services,
            heartbeats=state.heartbeats,
            ready=state.database_answers,
        )

    return create_app(
        wiring.settings,
        handlers=service_handlers(),
        health=health,
        shared_limiter=wiring.rate_limiter,
        registry=CollectorRegistry(),
        dependencies=SERVICE_DEPENDENCIES,
        state=service_state(
            ports=wiring.ports,
            terms=wiring.terms,
            current_book=wiring.current_book,
            events=stripe_events(wiring.settings),
        ),
        problem_facts={PriceChangedError.code: _new_price},
    )


def _new_price(error: DomainError) -> dict[str, object]:
    """Show the price as it now is, beside the refusal."""
    if not isinstance(error, PriceChangedError):
        return {}
    lines = [LineResponse.from_line(line) for line in error.quote.lines]
    return {"quote": {"total_price_cents": error.quote.total_cents, "breakdown": lines}}
