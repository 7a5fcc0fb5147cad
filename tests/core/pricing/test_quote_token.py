from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from uuid import UUID

import pytest

from tests.core.price_book.small_document import id_of
from tests.core.pricing.sample_requests import BLADE, DELIVERY, MINI_MOVE, ORGANIZING
from totetaxi_core import PriceAdjustment, QuoteRequest, SpecialtyChoice
from totetaxi_core.pricing.quote_token import (
    LIFETIME,
    QuoteExpiredError,
    QuoteMismatchError,
    QuoteToken,
    QuoteTokens,
)

AT = datetime(2026, 11, 20, 14, 30, 15, 123_457, tzinfo=UTC)
TOKENS = QuoteTokens("the secret")
RICH = replace(
    MINI_MOVE,
    organizing_service_ids=(id_of("pack"), id_of("unpack")),
    item_count=2,
    specialty_items=(
        SpecialtyChoice(id=id_of("bike"), quantity=2),
        SpecialtyChoice(id=id_of("board")),
    ),
    discount_code="Winter10",
)


def token_of(request: QuoteRequest) -> str:
    return TOKENS.issue(request, price_book_version=7, at=AT)[0]


def test_given_a_token_when_read_then_it_says_version_instant_and_expiry() -> None:
    token, expires_at = TOKENS.issue(RICH, price_book_version=7, at=AT)

    said = TOKENS.read(token, RICH, at=AT)

    assert expires_at == AT + timedelta(minutes=30)
    assert said == QuoteToken(price_book_version=7, quoted_at=AT, expires_at=expires_at)


def test_given_an_instant_in_new_york_when_issued_then_its_expiry_is_in_utc() -> None:
    token, expires_at = TOKENS.issue(
        RICH, price_book_version=7, at=AT.astimezone(timezone(timedelta(hours=-5)))
    )

    assert expires_at.utcoffset() == timedelta(0)
    assert token == token_of(RICH)


def test_given_a_token_when_half_an_hour_is_over_then_it_has_expired_and_not_before() -> None:
    token = token_of(RICH)

    said = TOKENS.read(token, RICH, at=AT + LIFETIME - timedelta(microseconds=1))
    with pytest.raises(QuoteExpiredError) as refused:
        TOKENS.read(token, RICH, at=AT + LIFETIME)

    assert said.quoted_at == AT
    assert (refused.value.code, refused.value.field) == ("quote_expired", "quote_token")


def test_given_a_token_when_any_character_is_altered_then_it_is_not_ours() -> None:
    token = token_of(RICH)

    for position, character in enumerate(token):
        rest = token[position + 1 :]
        for other in ("A" if character != "A" else "B", "", character + "A", "."):
            altered = token[:position] + other + rest
            if altered != token:
                with pytest.raises(QuoteMismatchError):
                    TOKENS.read(altered, RICH, at=AT)

    assert TOKENS.read(token, RICH, at=AT).price_book_version == 7


@pytest.mark.parametrize(
    "garbage", ["", ".", "a.b", "é.ü", "\x00", "\ud800.x", "W10=.", "." * 9, "A" * 100_000]
)
def test_given_garbage_when_read_then_it_is_not_ours(garbage: str) -> None:
    with pytest.raises(QuoteMismatchError) as refused:
        TOKENS.read(garbage, RICH, at=AT)

    assert refused.value.code == "quote_mismatch"


@pytest.mark.parametrize(
    "same",
    [
        replace(RICH, organizing_service_ids=(id_of("unpack"), id_of("pack"))),
        replace(RICH, pickup_zip="10001-1234"),
        replace(RICH, delivery_zip="11937-9999"),
        replace(RICH, discount_code=" WINTER10\t"),
        replace(RICH, specialty_items=tuple(reversed(RICH.specialty_items))),
        replace(
            RICH,
            specialty_items=(
                SpecialtyChoice(id=id_of("bike")),
                SpecialtyChoice(id=id_of("board")),
                SpecialtyChoice(id=id_of("bike")),
            ),
        ),
        replace(RICH, adjustment=PriceAdjustment(amount_cents=-5, reason="staff")),
    ],
    ids=["organizing", "pickup-zip", "delivery-zip", "code", "specialty", "pieces", "adjustment"],
)
def test_given_the_same_request_in_other_words_when_read_then_the_token_holds(
    same: QuoteRequest,
) -> None:
    assert TOKENS.read(token_of(RICH), same, at=AT).price_book_version == 7
    assert token_of(same) == token_of(RICH)


OTHER = UUID(int=5)
CHANGES: dict[str, Callable[[QuoteRequest], QuoteRequest]] = {
    "service_type": lambda request: replace(request, service_type=DELIVERY.service_type),
    "pickup_date": lambda request: replace(request, pickup_date=date(2026, 12, 2)),
    "pickup_time": lambda request: replace(request, pickup_time=time(9, 31)),
    "pickup_zip": lambda request: replace(request, pickup_zip="10002"),
    "delivery_zip": lambda request: replace(request, delivery_zip=None),
    "mini_move_package_id": lambda request: replace(request, mini_move_package_id=OTHER),
    "organizing_service_ids": lambda request: replace(
        request, organizing_service_ids=(id_of("pack"),)
    ),
    "blade_service_id": lambda request: replace(request, blade_service_id=OTHER),
    "item_count": lambda request: replace(request, item_count=None),
    "specialty_items": lambda request: replace(
        request, specialty_items=(SpecialtyChoice(id=id_of("bike"), quantity=3),)
    ),
    "include_packing": lambda request: replace(request, include_packing=True),
    "include_unpacking": lambda request: replace(request, include_unpacking=True),
    "coi_required": lambda request: replace(request, coi_required=True),
    "same_day": lambda request: replace(request, same_day=True),
    "total_weight_lb": lambda request: replace(request, total_weight_lb=1),
    "discount_code": lambda request: replace(request, discount_code=None),
}


@pytest.mark.parametrize("field", CHANGES)
def test_given_a_token_when_any_pricing_field_differs_then_it_is_for_another_request(
    field: str,
) -> None:
    changed = CHANGES[field](RICH)

    with pytest.raises(QuoteMismatchError):
        TOKENS.read(token_of(RICH), changed, at=AT)

    assert TOKENS.read(token_of(changed), changed, at=AT).price_book_version == 7


def test_given_the_fields_of_a_request_when_counted_then_each_is_covered_here() -> None:
    names = {field.name for field in fields(QuoteRequest)}

    assert names - set(CHANGES) == {"adjustment"}


def test_given_pairs_of_add_ons_when_swapped_then_the_tokens_differ() -> None:
    swaps = [
        replace(MINI_MOVE, include_packing=True),
        replace(MINI_MOVE, include_unpacking=True),
        replace(MINI_MOVE, coi_required=True),
        replace(MINI_MOVE, pickup_zip="11937", delivery_zip="10001"),
        replace(MINI_MOVE, item_count=1),
        replace(MINI_MOVE, item_count=11),
        MINI_MOVE,
        DELIVERY,
        ORGANIZING,
        BLADE,
    ]

    assert len({token_of(request) for request in swaps}) == len(swaps)


def test_given_an_expired_token_of_another_request_when_read_then_it_is_a_mismatch() -> None:
    with pytest.raises(QuoteMismatchError):
        TOKENS.read(token_of(RICH), MINI_MOVE, at=AT + timedelta(days=1))


def test_given_a_new_secret_when_the_previous_is_kept_then_tokens_of_both_hold() -> None:
    rotated = QuoteTokens("a new secret", previous_secret="the secret")
    fresh, _ = rotated.issue(RICH, price_book_version=8, at=AT)

    assert rotated.read(token_of(RICH), RICH, at=AT).price_book_version == 7
    assert rotated.read(fresh, RICH, at=AT).price_book_version == 8
    with pytest.raises(QuoteMismatchError):
        TOKENS.read(fresh, RICH, at=AT)
