"""The providers a process calls: opened with it, closed at its end."""

from collections.abc import Callable
from dataclasses import dataclass
from random import SystemRandom
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.files.opening import file_store
from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_adapters.metrics.provider_port import ProviderCalls
from totetaxi_adapters.onfleet import OnfleetCourierGateway
from totetaxi_adapters.postgres.call_pace import PostgresCallPace
from totetaxi_adapters.providers import (
    onfleet_gateway,
    stripe_checkout,
    stripe_gateway,
    stripe_records,
)
from totetaxi_adapters.routing.vroom_planner import VroomRoutePlanner
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.stripe import StripeCardGateway, StripeDisputeGateway, StripePaymentGateway
from totetaxi_adapters.subscribers import HttpSubscribers
from totetaxi_adapters.zip_points import ZipcodesZipPoints
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

ONFLEET_PER_SECOND = 15  # of the 20 they take: a dispatcher's own pages share them


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProviders:
    """Those whose connections have to be closed."""

    settings: Settings
    clock: Clock
    stripe: StripePaymentGateway
    onfleet: OnfleetCourierGateway
    subscribers: HttpSubscribers

    @classmethod
    def of(
        cls, settings: Settings, *, sandbox_url: str | None, engine: AsyncEngine, clock: Clock
    ) -> Self:
        """Open those the settings name; `sandbox_url` stands in for Stripe and Onfleet."""
        pace = PostgresCallPace(engine, "onfleet", per_second=ONFLEET_PER_SECOND)
        return cls(
            settings=settings,
            clock=clock,
            stripe=stripe_gateway(settings, sandbox_url=sandbox_url),
            onfleet=onfleet_gateway(settings, sandbox_url=sandbox_url, limiter=pace, clock=clock),
            subscribers=HttpSubscribers(allow_private=settings.webhooks_allow_private),
        )

    def ports(self, calls: ProviderCalls, unit_of_work: Callable[[], UnitOfWork]) -> Ports:
        """Return the ports, their calls watched; mails and texts are kept in the database."""
        connection = self.stripe.connection
        checkout = stripe_checkout(self.settings, self.stripe)
        return Ports(
            unit_of_work=unit_of_work,
            payments=calls.of("stripe", self.stripe),
            payment_records=calls.of("stripe", stripe_records(self.stripe)),
            checkout=calls.of("stripe", checkout),
            cards=calls.of("stripe", StripeCardGateway(connection)),
            disputes=calls.of("stripe", StripeDisputeGateway(connection)),
            couriers=calls.of("onfleet", self.onfleet),
            planner=VroomRoutePlanner(),
            files=calls.of("files", file_store(self.settings)),
            subscribers=calls.of("subscribers", self.subscribers),
            holidays=FederalHolidayCalendar(),
            zip_points=ZipcodesZipPoints(),
            clock=self.clock,
            ids=IdSource(SystemRandom()),
        )

    async def close(self) -> None:
        self.subscribers.close()
        await self.stripe.close()
        await self.onfleet.close()
