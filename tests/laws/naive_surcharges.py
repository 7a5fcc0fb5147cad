"""Prices surcharge rules straight from the document, one by one, as a clerk would.

It shares no code with the engine: what it and the engine both say is likely what was meant.
"""

from typing import Any

from totetaxi_core import QuoteRequest

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Rule = dict[str, Any]


def surcharge_lines(
    request: QuoteRequest, document: dict[str, Any], *, base_cents: int, hours: int
) -> list[tuple[str, str, int]]:
    """Return (kind, slug, cents), time before geographic, each in the book's order."""
    priced = [
        (rule, _amount(rule, request, document, base_cents=base_cents, hours=hours))
        for rule in document["surcharge_rules"]
        if matches(rule, request, document)
    ]
    kept = [pair for pair in priced if _stays(pair, priced) and pair[1] != 0]
    lines = [(_kind(rule), rule["slug"], cents) for rule, cents in kept]
    return sorted(lines, key=lambda line: line[0] == "geographic_surcharge")


def matches(rule: Rule, request: QuoteRequest, document: dict[str, Any]) -> bool:
    day, clock = request.pickup_date.isoformat(), f"{request.pickup_time:%H:%M}"
    return (
        rule.get("is_active", True)
        and rule.get("service_type", "all") in ("all", request.service_type.value)
        and rule.get("time_start", "00:00") <= clock < rule.get("time_end", "24:00")
        and rule.get("date_from", "0001-01-01") <= day <= rule.get("date_to", "9999-12-31")
        and WEEKDAYS[request.pickup_date.weekday()] in rule.get("weekdays", WEEKDAYS)
        and (not _is_placed(rule) or _addresses(rule, request, document) > 0)
    )


def _kind(rule: Rule) -> str:
    return "geographic_surcharge" if _is_placed(rule) else "time_surcharge"


def _is_placed(rule: Rule) -> bool:
    return "zip_codes" in rule or "zones" in rule


def _addresses(rule: Rule, request: QuoteRequest, document: dict[str, Any]) -> int:
    zips = list(rule.get("zip_codes", []))
    for zone in rule.get("zones", []):
        zips += document["zones"][zone]
    addresses = [request.pickup_zip, request.delivery_zip or ""]
    return sum(address[:5] in zips for address in addresses)


def _amount(
    rule: Rule, request: QuoteRequest, document: dict[str, Any], *, base_cents: int, hours: int
) -> int:
    units = {
        "fixed": rule.get("amount_cents", 0),
        "percentage": base_cents * rule.get("rate_bp", 0) // 10_000,
        "per_hour": rule.get("amount_cents", 0) * hours,
    }
    times = _addresses(rule, request, document) if rule.get("per_address") else 1
    return int(units[rule["kind"]] * times)


def _stays(pair: tuple[Rule, int], priced: list[tuple[Rule, int]]) -> bool:
    rule, cents = pair
    group = rule.get("exclusive_group")
    return group is None or not any(
        _beats((other, other_cents), (rule, cents))
        for other, other_cents in priced
        if other.get("exclusive_group") == group
    )


def _beats(pair: tuple[Rule, int], other: tuple[Rule, int]) -> bool:
    (rule, cents), (other_rule, other_cents) = pair, other
    if rule.get("priority", 0) != other_rule.get("priority", 0):
        return bool(rule.get("priority", 0) > other_rule.get("priority", 0))
    if cents != other_cents:
        return cents > other_cents
    return bool(rule["slug"] < other_rule["slug"])
