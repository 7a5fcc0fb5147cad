"""Where a process is put together: settings in, ports and terms out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import procrastinate
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.access_tokens import JwtAccessTokens
from totetaxi_adapters.clock import SystemClock
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.disposable_domains import ListedDisposableDomains
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.message_transports import MessageTransports, message_transports
from totetaxi_adapters.metrics.meters import Meters
from totetaxi_adapters.metrics.provider_port import ProviderCalls
from totetaxi_adapters.metrics.shared_counts import SharedCounts
from totetaxi_adapters.open_providers import OpenProviders
from totetaxi_adapters.passwords import Argon2PasswordHasher
from totetaxi_adapters.postgres.engine import open_engine
from totetaxi_adapters.postgres.heartbeats import Heartbeats
from totetaxi_adapters.postgres.rate_limit import PostgresRateLimiter
from totetaxi_adapters.postgres.unit_of_work import PostgresUnitOfWork
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.spans import NoSpans, Spans, TracingMissingError
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import PasswordHasher
from totetaxi_core.bookings.manage_token import ManageTokens
from totetaxi_core.customers.account_token import AccountTokens
from totetaxi_core.customers.pseudonyms import Pseudonyms
from totetaxi_core.logistics.planning_terms import PlanningTerms
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.pricing.quote_token import QuoteTokens
from totetaxi_core.retention.retention_terms import RetentionTerms
from totetaxi_core.webhooks.webhook_secrets import WebhookSecrets

BUSINESS_ZONE = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything a process works with, ready for use."""

    settings: Settings
    database_url: str
    engine: AsyncEngine
    jobs: procrastinate.App
    ports: Ports
    current_terms: CurrentTerms
    credentials: Credentials
    current_book: CurrentBook
    heartbeats: Heartbeats
    rate_limiter: PostgresRateLimiter
    meters: Meters = field(default_factory=Meters)
    spans: Spans = field(default_factory=NoSpans)
    shared_counts: SharedCounts | None = None
    sandbox_url: str | None = None
    """Where the sandbox listens that stands in for Stripe or Onfleet."""
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the process was told to stop: whoever asks is to send new requests elsewhere."""

    @property
    def terms(self) -> Terms:
        """The house's terms, with the schedule of a moment ago."""
        return self.current_terms.terms


@asynccontextmanager
async def wired(
    settings: Settings,
    database_url: str,
    *,
    sandbox_url: str | None = None,
    shared_counts: SharedCounts | None = None,
) -> AsyncIterator[Wiring]:
    """Wire a process to a database whose schema is up to date, and unwire it at the end.

    `sandbox_url` is where the sandbox listens, such as `http://127.0.0.1:8000`; None where Stripe
    and Onfleet are named in the settings, or will not be asked.
    """
    meters, spans = Meters(), spans_of(settings)
    calls = ProviderCalls(meters, spans)
    engine = open_engine(
        database_url,
        statement_timeout_s=settings.database_timeout_s,
        pooled=settings.database_pooler,
    )
    jobs, clock = create_job_app(database_url), SystemClock(settings.totetaxi_now)
    providers = OpenProviders.of(settings, sandbox_url=sandbox_url, engine=engine, clock=clock)
    passwords, effect_jobs = Argon2PasswordHasher(), EffectJobs(jobs)
    ports = providers.ports(calls, lambda: PostgresUnitOfWork(engine, jobs=effect_jobs))
    try:
        async with (
            CurrentBook.following(ports) as current_book,
            CurrentTerms.following(ports, terms_of(settings)) as current_terms,
            message_transports(settings, clock=clock, zone=ZoneInfo(BUSINESS_ZONE)) as leaving,
        ):
            yield Wiring(
                settings=settings,
                database_url=database_url,
                engine=engine,
                jobs=jobs,
                ports=_with_transports(ports, leaving, calls),
                current_terms=current_terms,
                credentials=credentials_of(settings, passwords),
                current_book=current_book,
                heartbeats=Heartbeats(engine),
                rate_limiter=PostgresRateLimiter(engine),
                meters=meters,
                spans=spans,
                shared_counts=shared_counts,
                sandbox_url=sandbox_url,
            )
    finally:
        await asyncio.to_thread(spans.close)
        passwords.close()
        await providers.close()
        await engine.dispose()


def _with_transports(ports: Ports, leaving: MessageTransports, calls: ProviderCalls) -> Ports:
    """Return the ports with what mails and texts leave by, where there is such a thing."""
    return replace(
        ports,
        mail=leaving.mail and calls.of("mail", leaving.mail),
        texts=leaving.texts and calls.of("sms", leaving.texts),
    )


def spans_of(settings: Settings) -> Spans:
    """Return where spans go: to the collector that the settings name, or nowhere.

    Raises:
        TracingMissingError: one is named, and the extra that talks to it is not installed.
    """
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint is None:
        return NoSpans()
    try:
        from totetaxi_adapters.tracing import OtelSpans  # noqa: PLC0415  an extra, and slow to load
    except ImportError as error:
        raise TracingMissingError from error
    return OtelSpans(endpoint)


def terms_of(settings: Settings) -> Terms:
    """Return the house's terms as the settings have them, by its own schedule."""
    secret = settings.secret_key.reveal()
    previous = settings.secret_key_previous.reveal() if settings.secret_key_previous else None
    return Terms(
        zone=ZoneInfo(BUSINESS_ZONE),
        limits=ChargeLimits(
            minimum_cents=settings.min_charge_cents,
            maximum_cents=settings.max_charge_cents,
            support_phone=settings.support_phone,
        ),
        quote_tokens=QuoteTokens(secret, previous_secret=previous),
        manage_tokens=ManageTokens(secret, previous_secret=previous),
        account_tokens=AccountTokens(secret, previous_secret=previous),
        pseudonyms=Pseudonyms(secret),
        webhook_secrets=WebhookSecrets(secret, previous_secret=previous),
        public_url=settings.public_base_url.rstrip("/"),
        staff_email=settings.staff_email,
        planning=PlanningTerms(
            van_cubic_feet=settings.van_cubic_feet,
            late_minutes=settings.pickup_late_minutes,
            road_percent=settings.road_percent,
        ),
        retention=RetentionTerms(
            bookings=timedelta(days=settings.retention_bookings_days),
            unpaid_bookings=timedelta(days=settings.retention_unpaid_days),
            messages=timedelta(days=settings.retention_messages_days),
        ),
        hold=timedelta(minutes=settings.hold_minutes),
        company_name=settings.company_name,
        company_address=settings.company_address,
    )


def credentials_of(settings: Settings, passwords: PasswordHasher) -> Credentials:
    """Return what logging in works with: the former secret is still accepted."""
    previous = settings.secret_key_previous
    return Credentials(
        passwords=passwords,
        access_tokens=JwtAccessTokens(
            settings.secret_key.reveal(), previous_secret=previous.reveal() if previous else None
        ),
        disposable_domains=ListedDisposableDomains(),
    )
