"""What handlers ask for by name: the ports, the house's terms, the price book in effect."""

from typing import Annotated, TypeVar

from litestar.datastructures import State
from litestar.di import Dependency, Provide
from litestar.params import SkipValidationMarker

from totetaxi_adapters.current_book import CurrentBook
from totetaxi_core.payments.gateway import PaymentEventReader
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook

T = TypeVar("T")
Wired = Annotated[T, Dependency(kind="named"), SkipValidationMarker()]
"""Marks a handler's parameter that SERVICE_DEPENDENCIES fills."""


def service_state(
    *, ports: Ports, terms: Terms, current_book: CurrentBook, events: PaymentEventReader
) -> dict[str, object]:
    """Return the state that the dependencies and the bodies' own rules read."""
    return {"ports": ports, "terms": terms, "current_book": current_book, "events": events}


def _ports(state: State) -> Ports:
    ports: Ports = state["ports"]
    return ports


def _terms(state: State) -> Terms:
    terms: Terms = state["terms"]
    return terms


def _book(state: State) -> PriceBook:
    current: CurrentBook = state["current_book"]
    return current.book


def _events(state: State) -> PaymentEventReader:
    events: PaymentEventReader = state["events"]
    return events


SERVICE_DEPENDENCIES = {
    "ports": Provide(_ports, sync_to_thread=False),
    "terms": Provide(_terms, sync_to_thread=False),
    "book": Provide(_book, sync_to_thread=False),
    "events": Provide(_events, sync_to_thread=False),
}
