"""What the rules say of the good fields of a body that has bad ones too."""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar.datastructures import State

from totetaxi_adapters.current_book import CurrentBook
from totetaxi_core.catalog import ServiceType
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing import quote
from totetaxi_core.refusal import FieldFault
from totetaxi_core.scheduling.check_pickup import check_pickup
from totetaxi_http.schemas.fault_names import as_sent, faults_of
from totetaxi_http.schemas.pricing_fields import UNPRICED_DATE, request_of


def pricing_rule_faults(good: Mapping[str, Any], state: State) -> Iterator[FieldFault]:
    """Yield the price engine's faults on the fields that are good."""
    if "service_type" not in good or "current_book" not in state:
        return
    current: CurrentBook = state["current_book"]
    ports: Ports = state["ports"]
    request = request_of(
        good, pickup_zip=_zip(good, "pickup") or "", delivery_zip=_delivery_zip(good)
    )
    faults = faults_of(lambda: quote(request, current.book, at=ports.clock()))
    yield from (fault for fault in as_sent(faults, good) if _is_about(fault, good))


def pickup_rule_faults(good: Mapping[str, Any], state: State) -> Iterator[FieldFault]:
    """Yield the schedule's faults on a pickup date or time that is good."""
    if "ports" not in state:
        return
    ports: Ports = state["ports"]
    terms: Terms = state["terms"]
    faults = faults_of(
        lambda: check_pickup(
            terms.schedule,
            good.get("pickup_date", UNPRICED_DATE),
            good.get("pickup_time", terms.schedule.opens_at),
            now=ports.clock(),
            zone=terms.zone,
            holidays=ports.holidays,
        )
    )
    yield from (fault for fault in faults if fault.field in good)


def _zip(good: Mapping[str, Any], end: str) -> str | None:
    address = good.get(f"{end}_address")
    zip_code: str | None = address.zip_code if address is not None else good.get(f"{end}_zip")
    return zip_code


def _delivery_zip(good: Mapping[str, Any]) -> str | None:
    if good["service_type"] is ServiceType.ORGANIZING_ONLY:
        return _zip(good, "delivery")
    return _zip(good, "delivery") or ""


def _is_about(fault: FieldFault, good: Mapping[str, Any]) -> bool:
    """Tell whether the fault lies on a good field, or on one that should have been sent."""
    return fault.field.partition(".")[0] in good or fault.code == "missing"
