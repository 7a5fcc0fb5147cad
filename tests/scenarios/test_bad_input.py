"""Every field of every request, with everything that can be wrong with it.

The fields are those of the wire's own classes: a new one is tested from its first day.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import attrs
import httpx
import pytest

from tests.scenarios.guest import PETITE, Json, an_address, an_order
from tests.scenarios.house import House
from tests.scenarios.wire_fields import (
    NO_JSON,
    UNKNOWN,
    Field,
    fields_of,
    taken_apart,
    with_value,
    without,
)
from totetaxi_http.customer.password import ConfirmResetBody, ResetBody
from totetaxi_http.customer.registration import (
    RegisterBody,
    ResendVerificationBody,
    VerifyEmailBody,
)
from totetaxi_http.customer.session import CustomerLoginBody
from totetaxi_http.payments.confirm import ConfirmBody
from totetaxi_http.payments.intent import CreateIntentBody
from totetaxi_http.public.availability import AvailabilityQuery
from totetaxi_http.schemas.guest_booking import GuestBookingBody
from totetaxi_http.schemas.login import RefreshBody
from totetaxi_http.schemas.preview import PreviewBody, PreviewQuery
from totetaxi_http.staff.session import StaffLoginBody

BOOKING: Final = {
    **an_order("2026-12-01", specialty_items=[{"id": UNKNOWN, "quantity": 1}]),
    "pickup_address": an_address(latitude=40.7, longitude=-73.9),
}
PREVIEW: Final[Json] = {
    "service_type": "mini_move",
    "mini_move_package_id": str(PETITE.id),
    "pickup_date": "2026-12-01",
    "pickup_time": "09:00",
    "pickup_address": an_address(),
    "delivery_zip": "11937",
    "specialty_items": [{"id": UNKNOWN, "quantity": 1}],
}
INTENT: Final[Json] = {"booking_id": UNKNOWN}
CONFIRM: Final[Json] = {"booking_id": UNKNOWN, "payment_intent_id": "pi_1"}
BODIES: Final[Mapping[str, tuple[type[Any], Json]]] = {
    "public/guest-booking": (GuestBookingBody, BOOKING),
    "public/pricing-preview": (PreviewBody, PREVIEW),
    "payments/create-intent": (CreateIntentBody, INTENT),
    "payments/confirm": (ConfirmBody, CONFIRM),
    "staff/login": (StaffLoginBody, {"username": "nobody", "password": "Correct-horse-1"}),
    "staff/token/refresh": (RefreshBody, {"refresh_token": "x.y"}),
    "customer/register": (RegisterBody, dict(RegisterBody.EXAMPLE)),
    "customer/verify-email": (VerifyEmailBody, {"token": "x.y"}),
    "customer/resend-verification": (ResendVerificationBody, {"email": "nobody@example.com"}),
    "customer/login": (CustomerLoginBody, dict(CustomerLoginBody.EXAMPLE)),
    "customer/token/refresh": (RefreshBody, {"refresh_token": "x.y"}),
    "customer/password/reset": (ResetBody, {"email": "nobody@example.com"}),
    "customer/password/reset/confirm": (
        ConfirmResetBody,
        {"token": "x.y", "new_password": "Correct-horse-1"},
    ),
}
QUERIES: Final[Mapping[str, tuple[type[Any], dict[str, str]]]] = {
    "public/pricing-preview": (
        PreviewQuery,
        {
            "service_type": "mini_move",
            "mini_move_package_id": str(PETITE.id),
            "pickup_date": "2026-12-01",
            "pickup_time": "09:00",
            "pickup_zip": "10001",
            "delivery_zip": "11937",
        },
    ),
    "public/calendar/availability": (
        AvailabilityQuery,
        {"start_date": "2026-12-01", "end_date": "2026-12-03"},
    ),
}
BODY_FIELDS: Final = [
    (endpoint, field) for endpoint, (kind, _) in BODIES.items() for field in fields_of(kind)
]
QUERY_FIELDS: Final = [
    (endpoint, field)
    for endpoint, (kind, _) in QUERIES.items()
    for field in fields_of(kind)
    if ".0." not in field.path
]


@pytest.mark.parametrize(
    ("endpoint", "field"), BODY_FIELDS, ids=[f"{e}-{f.path}" for e, f in BODY_FIELDS]
)
def test_given_a_body_with_one_bad_field_when_sent_then_that_field_is_named_and_nothing_stored(
    house: House, endpoint: str, field: Field
) -> None:
    _, body = BODIES[endpoint]
    bodies = [with_value(body, field.path, value) for value in field.bad_values()]
    bodies += [without(body, field.path)] if field.is_required else []
    stored = house.rows("SELECT id FROM bookings")

    answers = [_post(house, endpoint, each) for each in bodies]

    wrong = [
        (_at(each, field.path), answer.status_code, answer.text[:300])
        for each, answer in zip(bodies, answers, strict=True)
        if not _names(answer, "body" if _at(each, field.path) in NO_JSON else field.path)
    ]
    assert wrong == []
    assert house.rows("SELECT id FROM bookings") == stored


@pytest.mark.parametrize(
    ("endpoint", "field"), QUERY_FIELDS, ids=[f"{e}-{f.path}" for e, f in QUERY_FIELDS]
)
def test_given_a_query_with_one_bad_parameter_when_sent_then_that_one_is_named(
    house: House, endpoint: str, field: Field
) -> None:
    _, query = QUERIES[endpoint]
    queries = [{**query, field.path: value} for value in field.bad_in_query()]
    if field.is_required:
        queries.append({name: value for name, value in query.items() if name != field.path})

    answers = [house.guest.http.get(f"/api/{endpoint}", params=each) for each in queries]

    wrong = [
        (each.get(field.path), answer.status_code, answer.text[:300])
        for each, answer in zip(queries, answers, strict=True)
        if not _names(answer, field.path)
    ]
    assert wrong == []


@pytest.mark.parametrize("endpoint", BODIES)
def test_given_an_unknown_field_at_every_depth_when_sent_then_each_is_named(
    house: House, endpoint: str
) -> None:
    kind, body = BODIES[endpoint]
    objects = [""] + [f"{f.path}." for f in fields_of(kind) if attrs.has(taken_apart(f.hint)[0])]
    stranger = body
    for prefix in objects:
        stranger = with_value(stranger, f"{prefix}colour", "red")

    answer = _post(house, endpoint, stranger)

    assert {f"{prefix}colour" for prefix in objects} <= _named(answer)


@pytest.mark.parametrize("endpoint", QUERIES)
def test_given_an_unknown_or_repeated_parameter_when_sent_then_it_is_named(
    house: House, endpoint: str
) -> None:
    kind, query = QUERIES[endpoint]
    first = next(field.path for field in fields_of(kind))
    pairs = urlencode([*query.items(), ("colour", "red"), (first, query[first])])

    answer = house.guest.http.get(f"/api/{endpoint}?{pairs}")

    assert answer.status_code == 400
    assert {"colour", first} <= _named(answer)


@pytest.mark.parametrize("endpoint", BODIES)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"{",
        b"{}{}",
        b'{"a": 1, }',
        b"\xff\xfe",
        b"\x00",
        b'{"email": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"9" * 10_000,
        b'{"email": "\\ud800"}',
        b'{"\\u0000": 1}',
    ],
    ids=lambda raw: raw[:12].hex(),
)
def test_given_a_body_that_is_no_object_when_sent_then_it_is_a_400(
    house: House, endpoint: str, raw: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = house.guest.http.post(f"/api/{endpoint}", content=raw, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["details"]


@pytest.mark.parametrize("endpoint", BODIES)
def test_given_a_body_too_large_or_of_another_kind_when_sent_then_it_says_so(
    house: House, endpoint: str
) -> None:
    large = b'{"email": "' + b"x" * 300_000 + b'"}'

    too_large = _post_raw(house, endpoint, large, "application/json")
    form = _post_raw(house, endpoint, b"email=x", "application/x-www-form-urlencoded")

    assert (too_large.status_code, form.status_code) == (413, 415)


def _post(house: House, endpoint: str, body: Json) -> httpx.Response:
    return _post_raw(house, endpoint, json.dumps(body).encode(), "application/json")


def _post_raw(house: House, endpoint: str, raw: bytes, media_type: str) -> httpx.Response:
    headers = {"Content-Type": media_type}
    return house.guest.http.post(f"/api/{endpoint}", content=raw, headers=headers)


def _at(body: Json, path: str) -> object:
    place: Any = body
    for name in path.split("."):
        place = place[int(name)] if isinstance(place, list) else place.get(name, "(absent)")
    return str(place)[:60]


def _named(answer: httpx.Response) -> set[str]:
    return {detail["field"] for detail in answer.json()["details"]}


def _names(answer: httpx.Response, path: str) -> bool:
    """Tell whether it is a 400 for this field, or for something within it."""
    if answer.status_code != 400:
        return False
    return any(name == path or name.startswith(f"{path}.") for name in _named(answer))
