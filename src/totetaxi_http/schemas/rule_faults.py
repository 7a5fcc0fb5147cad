"""What the rules say of the good fields of a body that has bad ones too."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from litestar.datastructures import State

from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_core.catalog import ServiceType
from totetaxi_core.ports import Ports
from totetaxi_core.pricing import quote
from totetaxi_core.refusal import FieldFault, faults_of
from totetaxi_core.scheduling.check_pickup import check_pickup
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.schemas.fault_names import as_sent
from totetaxi_http.schemas.pricing_fields import UNPRICED_DATE, request_of

NO_ZIP = ""


def pricing_rule_faults(
    kind: type[Any], good: Mapping[str, Any], state: State
) -> Iterator[FieldFault]:
    """Yield the price engine's faults on those fields of a `kind` of body that are good."""
    if "service_type" not in good or "current_book" not in state:
        return
    current: CurrentBook = state["current_book"]
    ports: Ports = state["ports"]
    request = request_of(
        good, pickup_zip=_zip(good, "pickup") or NO_ZIP, delivery_zip=_delivery_zip(kind, good)
    )
    faults = faults_of(lambda: quote(request, current.book, at=ports.clock()))
    yield from (fault for fault in as_sent(faults, good) if _is_about(fault, good))


def pickup_rule_faults(
    good: Mapping[str, Any], state: State, *, override: ScheduleOverride | None = None
) -> Iterator[FieldFault]:
    """Yield the schedule's faults on a pickup date or time that is good."""
    if "ports" not in state:
        return
    ports: Ports = state["ports"]
    current: CurrentTerms = state["current_terms"]
    terms = current.terms
    faults = faults_of(
        lambda: check_pickup(
            terms.schedule,
            good.get("pickup_date", UNPRICED_DATE),
            good.get("pickup_time") or terms.schedule.opens_at,
            now=ports.clock(),
            zone=terms.zone,
            holidays=ports.holidays,
            override=override,
        )
    )
    yield from (fault for fault in faults if fault.field in good)


def _zip(good: Mapping[str, Any], end: str) -> str | None:
    address = good.get(f"{end}_address")
    zip_code: str | None = address.zip_code if address is not None else good.get(f"{end}_zip")
    return zip_code


def _delivery_zip(kind: type[Any], good: Mapping[str, Any]) -> str | None:
    """Return the ZIP, None if none was sent; a bad one is as good as any, and a saved one."""
    if good.get("saved_delivery_address_id") is not None:
        return NO_ZIP
    ends = {"delivery_address", "delivery_zip"} & attrs.fields_dict(kind).keys()
    if ends <= good.keys() or good["service_type"] is ServiceType.ORGANIZING_ONLY:
        return _zip(good, "delivery")
    return _zip(good, "delivery") or NO_ZIP


def _is_about(fault: FieldFault, good: Mapping[str, Any]) -> bool:
    """Tell whether the fault lies on a good field; that a ZIP is none is its type's to say."""
    return fault.field.partition(".")[0] in good and fault.code != "invalid_zip"
