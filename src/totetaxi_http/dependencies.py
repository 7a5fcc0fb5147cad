"""What handlers work with: the ports, the house's terms, the price book in effect.

A handler takes `state: ServiceState`. Litestar would resolve dependencies in a task group of their
own for every request, which takes as long as to price one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from litestar.datastructures import State

from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.sms.status import TwilioStatusReader
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.logistics.courier_gateway import CourierEventReader
from totetaxi_core.payments.gateway import PaymentEventReader
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_http.rate_limit import RateLimits

if TYPE_CHECKING:
    from totetaxi_adapters.ses.notices import SesNotices


class ServiceState(State):
    """The application's state, made anew by Litestar for every request that asks for it."""

    __slots__ = ()

    def __init__(self, state: Mapping[str, Any]) -> None:
        # Past State's own, which makes a lock; nothing is written here.
        super(State, self).__init__(state, deep_copy=False)

    @property
    def ports(self) -> Ports:
        ports: Ports = self._state["ports"]
        return ports

    @property
    def terms(self) -> Terms:
        """The house's terms, with the schedule in effect now."""
        current: CurrentTerms = self._state["current_terms"]
        return current.terms

    @property
    def book(self) -> PriceBook:
        """The book in effect now."""
        current: CurrentBook = self._state["current_book"]
        return current.book

    @property
    def events(self) -> PaymentEventReader:
        events: PaymentEventReader = self._state["events"]
        return events

    @property
    def sms_statuses(self) -> TwilioStatusReader | None:
        """Who reads Twilio's callbacks; None where none could be believed."""
        reader: TwilioStatusReader | None = self._state["sms_statuses"]
        return reader

    @property
    def ses_notices(self) -> "SesNotices | None":
        """Who reads what SES tells; None where no topic is named."""
        reader: SesNotices | None = self._state["ses_notices"]
        return reader

    @property
    def courier_events(self) -> CourierEventReader:
        events: CourierEventReader = self._state["courier_events"]
        return events

    @property
    def publishable_key(self) -> str | None:
        """Stripe's key for browsers; None if none is set."""
        key: str | None = self._state["publishable_key"]
        return key

    @property
    def credentials(self) -> Credentials:
        credentials: Credentials = self._state["credentials"]
        return credentials

    @property
    def rate_limits(self) -> RateLimits:
        """The limits in force, which the app puts in its state."""
        limits: RateLimits = self._state["rate_limits"]
        return limits


def service_state(
    *,
    ports: Ports,
    current_terms: CurrentTerms,
    credentials: Credentials,
    current_book: CurrentBook,
    events: PaymentEventReader,
    courier_events: CourierEventReader,
    publishable_key: str | None,
    sms_statuses: TwilioStatusReader | None = None,
    ses_notices: "SesNotices | None" = None,
) -> dict[str, object]:
    """Return the state that the handlers and the bodies' own rules read."""
    return {
        "ports": ports,
        "current_terms": current_terms,
        "credentials": credentials,
        "current_book": current_book,
        "events": events,
        "courier_events": courier_events,
        "publishable_key": publishable_key,
        "sms_statuses": sms_statuses,
        "ses_notices": ses_notices,
    }
