"""What staff type of a discount code, as the price book has it: basis points, cents, instants."""

import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any, Final

from totetaxi_cli import code_options as options
from totetaxi_core.money import BASIS_POINTS
from totetaxi_core.price_book import DiscountKind
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.business_day import begin_of, end_of

NONE: Final = "none"
_DECIMAL: Final = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,8}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def new_code_fields(code: str, terms: options.NewCodeTerms, zone: tzinfo) -> dict[str, Any]:
    """Return the fields of a new code.

    Raises:
        InvalidInputError: a bad number or day, or not exactly one of --percent and --dollars.
    """
    if (terms.percent is None) is (terms.dollars is None):
        raise _fault(options.PERCENT, "missing", f"give {options.PERCENT} or {options.DOLLARS}")
    fields: dict[str, Any] = {"code": code}
    if terms.percent is not None:
        share = _hundredths(options.PERCENT, terms.percent.removesuffix("%").strip())
        if share > BASIS_POINTS:
            raise _fault(options.PERCENT, "too_large", "must be at most 100")
        fields |= {"kind": DiscountKind.PERCENTAGE.value, "rate_bp": share}
    if terms.dollars is not None:
        cents = _cents(options.DOLLARS, terms.dollars)
        fields |= {"kind": DiscountKind.FIXED.value, "amount_cents": cents}
    if terms.at_most is not None:
        fields["max_discount_cents"] = _cents(options.AT_MOST, terms.at_most)
    if terms.min_order is not None:
        fields["min_order_cents"] = _cents(options.MIN_ORDER, terms.min_order)
    if terms.service:
        fields["service_types"] = [one.value for one in terms.service]
    limits = options.CodeLimits(
        max_uses=None if terms.max_uses is None else str(terms.max_uses),
        max_uses_per_customer=(
            None if terms.max_uses_per_customer is None else str(terms.max_uses_per_customer)
        ),
        first_day=terms.first_day,
        last_day=terms.last_day,
    )
    return fields | {name: value for name, value in _limits(limits, zone) if value is not None}


def limit_fields(limits: options.CodeLimits, zone: tzinfo) -> dict[str, Any]:
    """Return the fields to change; None takes a limit away.

    Raises:
        InvalidInputError: a bad number or day, or nothing is given.
    """
    fields = dict(_limits(limits, zone))
    if not fields:
        names = (options.MOST, options.MOST_EACH, options.FROM, options.TO)
        raise _fault(options.MOST, "missing", f"give one of {', '.join(names)}")
    return fields


def _limits(limits: options.CodeLimits, zone: tzinfo) -> Iterator[tuple[str, object]]:
    if limits.max_uses is not None:
        yield "max_uses", _whole(options.MOST, limits.max_uses)
    if limits.max_uses_per_customer is not None:
        yield "max_uses_per_customer", _whole(options.MOST_EACH, limits.max_uses_per_customer)
    if limits.first_day is not None:
        yield "valid_from", _text(begin_of(_day(options.FROM, limits.first_day), zone))
    if limits.last_day is not None:
        yield "valid_until", _text(end_of(_day(options.TO, limits.last_day), zone))


def _cents(option: str, text: str) -> int:
    return _hundredths(option, text.removeprefix("$").replace(",", ""))


def _hundredths(option: str, text: str) -> int:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise _fault(option, "bad_format", "must be a number such as 10 or 12.50")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _whole(option: str, text: str) -> int | None:
    if text.lower() == NONE:
        return None
    if not _WHOLE.fullmatch(text):
        raise _fault(option, "bad_format", "must be a whole number, or none")
    return int(text)


def _day(option: str, text: str) -> date | None:
    if text.lower() == NONE:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # no day of any month: told as any other
    raise _fault(option, "not_a_date", "must be a date such as 2026-12-01")


def _text(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _fault(option: str, code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=option, code=code, message=message)])
