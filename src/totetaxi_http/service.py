"""The service: every handler, on a process that is wired."""

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from totetaxi_adapters.health import check_health
from totetaxi_adapters.message_transports import ses_notices, sms_statuses
from totetaxi_adapters.metrics.exposition import Exposition
from totetaxi_adapters.providers import onfleet_events, stripe_events
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.bookings.cancel_booking import RefundChangedError
from totetaxi_core.bookings.place_booking import PriceChangedError
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.in_the_way import CrewsBelowTakenError
from totetaxi_http.app import create_app
from totetaxi_http.customer.router import customer_router
from totetaxi_http.dependencies import service_state
from totetaxi_http.health import HealthReport
from totetaxi_http.logistics.router import logistics_router
from totetaxi_http.messages.router import messages_router
from totetaxi_http.payments.router import payments_router
from totetaxi_http.public.router import public_router
from totetaxi_http.schemas.cancellation import CancellationOfferResponse
from totetaxi_http.schemas.preview import LineResponse
from totetaxi_http.schemas.schedule_day import in_the_way
from totetaxi_http.staff.refused_acts import record_refused_act
from totetaxi_http.staff.router import staff_router


def service_handlers() -> list[ControllerRouterHandler]:
    """Return every handler of the service, less health and metrics."""
    return [
        public_router(),
        payments_router(),
        logistics_router(),
        customer_router(),
        staff_router(),
        messages_router(),
    ]


def create_service(wiring: Wiring) -> Litestar:
    """Return the application; it uses the wiring and does not close it."""

    async def health() -> HealthReport:
        state = await check_health(wiring)
        return HealthReport(
            status="healthy" if state.is_healthy else "unhealthy",
            timestamp=state.checked_at,
            services=state.services,
            heartbeats=state.heartbeats,
            ready=state.database_answers and not wiring.leaving.is_set(),
        )

    exposition = Exposition(wiring, shared=wiring.shared_counts)
    return create_app(
        wiring.settings,
        handlers=service_handlers(),
        health=health,
        shared_limiter=wiring.rate_limiter,
        meters=wiring.meters,
        read_metrics=exposition.text,
        spans=wiring.spans,
        state=state_of(wiring),
        after_exception=[record_refused_act],
        problem_facts={
            PriceChangedError.code: _new_price,
            RefundChangedError.code: _new_offer,
            CrewsBelowTakenError.code: _in_the_way,
        },
    )


def state_of(wiring: Wiring) -> dict[str, object]:
    """Return what the handlers read of the wiring."""
    return service_state(
        ports=wiring.ports,
        current_terms=wiring.current_terms,
        credentials=wiring.credentials,
        current_book=wiring.current_book,
        events=stripe_events(wiring.settings),
        courier_events=onfleet_events(wiring.settings),
        publishable_key=wiring.settings.stripe_publishable_key,
        sms_statuses=sms_statuses(wiring.settings),
        ses_notices=ses_notices(wiring.settings, clock=wiring.ports.clock),
    )


def _new_price(error: DomainError) -> dict[str, object]:
    """Show the price as it now is, beside the refusal."""
    if not isinstance(error, PriceChangedError):
        return {}
    lines = [LineResponse.from_line(line) for line in error.quote.lines]
    return {"quote": {"total_price_cents": error.quote.total_cents, "breakdown": lines}}


def _new_offer(error: DomainError) -> dict[str, object]:
    """Show what comes back now, beside the refusal."""
    if not isinstance(error, RefundChangedError):
        return {}
    return {"cancellation": CancellationOfferResponse.from_offer(error.offer)}


def _in_the_way(error: DomainError) -> dict[str, object]:
    """List the bookings, beside the refusal."""
    if not isinstance(error, CrewsBelowTakenError):
        return {}
    return {"bookings": in_the_way(error.dates)}
