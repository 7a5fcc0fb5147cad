"""What a use case works with: the ports to the world, and the house's terms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from totetaxi_core.bookings.manage_token import ManageTokens
from totetaxi_core.clock import Clock
from totetaxi_core.customers.account_token import AccountTokens
from totetaxi_core.customers.card_gateway import CardGateway
from totetaxi_core.customers.pseudonyms import Pseudonyms
from totetaxi_core.documents.file_store import FileStore
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_gateway import CourierGateway
from totetaxi_core.logistics.planning_terms import PlanningTerms
from totetaxi_core.logistics.route_planner import RoutePlanner
from totetaxi_core.notifications.transport import MessageTransport
from totetaxi_core.payments.checkout import CheckoutGateway
from totetaxi_core.payments.dispute_gateway import DisputeGateway
from totetaxi_core.payments.gateway import PaymentGateway
from totetaxi_core.payments.payment_records import PaymentRecords
from totetaxi_core.price_book.zip_points import ZipPoints
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.pricing.quote_token import QuoteTokens
from totetaxi_core.retention.retention_terms import RetentionTerms
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.subscriber_gateway import SubscriberGateway
from totetaxi_core.webhooks.webhook_secrets import WebhookSecrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside the core. `unit_of_work` makes a fresh one for each use case.

    `mail` and `texts` are None where messages are kept in the database alone.
    """

    unit_of_work: Callable[[], UnitOfWork]
    payments: PaymentGateway
    payment_records: PaymentRecords
    checkout: CheckoutGateway
    cards: CardGateway
    disputes: DisputeGateway
    couriers: CourierGateway
    planner: RoutePlanner
    files: FileStore
    subscribers: SubscriberGateway
    holidays: HolidayCalendar
    zip_points: ZipPoints
    clock: Clock
    ids: IdSource
    mail: MessageTransport | None = None
    texts: MessageTransport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the house stands by. `zone` is the business's own: America/New_York.

    The `schedule` is the one in effect while staff have not changed it: `terms_now` tells.
    A customer's booking holds its crew for `hold`, one made by staff for `staff_hold`.
    `public_url` has no slash at its end; `staff_email` gets the alerts. `company_address` is one
    line, or empty; every message to a customer has it below the company's name.
    """

    zone: tzinfo
    limits: ChargeLimits
    quote_tokens: QuoteTokens
    manage_tokens: ManageTokens
    account_tokens: AccountTokens
    pseudonyms: Pseudonyms
    webhook_secrets: WebhookSecrets
    public_url: str
    staff_email: str
    schedule: Schedule = field(default_factory=Schedule)
    planning: PlanningTerms = field(default_factory=PlanningTerms)
    retention: RetentionTerms = field(default_factory=RetentionTerms)
    hold: timedelta = timedelta(minutes=30)
    staff_hold: timedelta = timedelta(hours=24)
    company_name: str = "ToteTaxi"
    company_address: str = ""

    def pickup_at(self, pickup_date: date, pickup_time: time) -> datetime:
        """Return the UTC instant of a pickup."""
        return datetime.combine(pickup_date, pickup_time, tzinfo=self.zone).astimezone(UTC)
