"""Paths, headers and ranges that name nothing of ours."""

from typing import Final

import httpx
import pytest

from tests.scenarios.alphabets import full_width
from tests.scenarios.guest import PETITE, Json, an_order
from tests.scenarios.house import House
from tests.scenarios.wire_fields import UNKNOWN

BOOKING: Final = an_order("2026-12-01")
INTENT: Final[Json] = {"booking_id": UNKNOWN}
CONFIRM: Final[Json] = {"booking_id": UNKNOWN, "payment_intent_id": "pi_1"}
PREVIEW: Final = {
    "service_type": "mini_move",
    "mini_move_package_id": str(PETITE.id),
    "pickup_date": "2026-12-01",
    "pickup_time": "09:00",
    "pickup_zip": "10001",
    "delivery_zip": "11937",
}


@pytest.mark.parametrize(
    "zip_code",
    ["1234", "123456", "ABCDE", "10001-12", full_width("10001"), "%FF", "'", "9" * 5_000],
)
def test_given_no_zip_code_when_its_area_is_asked_for_then_it_is_named(
    house: House, zip_code: str
) -> None:
    answer = house.guest.http.get(f"/api/public/service-area/{zip_code}")

    assert (answer.status_code, _named(answer)) == (400, {"zip_code"})


@pytest.mark.parametrize(
    "number",
    ["TT-00000000", "x", "%FF", "ß", "İ", "'; --", "9" * 5_000, full_width("TT-ABCDEFGH")],
)
def test_given_no_number_of_ours_when_its_status_is_asked_for_then_it_is_not_found(
    house: House, number: str
) -> None:
    answer = house.guest.http.get(f"/api/public/booking-status/{number}")

    assert (answer.status_code, answer.json()["error_type"]) == (404, "booking_not_found")


@pytest.mark.parametrize(
    "path",
    [
        "public/service-area/%00",
        "public/service-area/1000%00",
        "public/booking-status/TT-%00",
        "public/services/organizing/%00",
        "public/services/organizing/x",
        f"public/services/organizing/{UNKNOWN}",
    ],
)
def test_given_a_path_that_names_nothing_when_asked_for_then_it_is_not_found(
    house: House, path: str
) -> None:
    assert house.guest.http.get(f"/api/{path}").status_code == 404


@pytest.mark.parametrize(
    "token", ["", ".", "x.y", "a" * 9_000, "é.ü", "AAAAAAAAAAAAAAAAAAAAAA.", "a.b.c"]
)
def test_given_a_token_that_is_not_ours_when_managing_then_it_is_a_401(
    house: House, token: str
) -> None:
    headers = {b"X-Manage-Token": token.encode()}

    answers = [
        house.guest.http.get("/api/public/manage", headers=headers),
        house.guest.http.post("/api/payments/create-intent", json=INTENT, headers=headers),
        house.guest.http.post("/api/payments/confirm", json=CONFIRM, headers=headers),
    ]

    told = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
    assert told == [(401, "invalid_manage_token")] * 3


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "ключ"])
def test_given_a_bad_idempotency_key_when_booking_then_it_is_named(house: House, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}

    answer = house.guest.http.post("/api/public/guest-booking", json=BOOKING, headers=headers)

    assert answer.status_code == 400
    assert "Idempotency-Key" in _named(answer)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2026-12-02", "2026-12-01", "end_date"),
        ("2026-12-01", "2027-02-01", "end_date"),
        ("0001-01-01", "9999-12-31", "end_date"),
        ("9999-12-31", "0001-01-01", "end_date"),
    ],
)
def test_given_a_range_the_wrong_way_or_too_long_when_asked_then_its_end_is_named(
    house: House, start: str, end: str, field: str
) -> None:
    answer = house.guest.get("public/calendar/availability", start_date=start, end_date=end)

    assert (answer.status_code, _named(answer)) == (400, {field})


@pytest.mark.parametrize("on", ["0001-01-01", "1582-10-10", "1970-01-01", "9999-12-31"])
def test_given_the_ends_of_time_when_previewed_or_asked_for_then_they_are_answered(
    house: House, on: str
) -> None:
    days = house.guest.get("public/calendar/availability", start_date=on, end_date=on)
    previews = [
        house.guest.get(
            "public/pricing-preview", **{**PREVIEW, "pickup_date": on, "pickup_time": at}
        )
        for at in ("00:00", "23:59:59")
    ]

    assert days.json()["days"][0]["open"] is False
    assert [(p.status_code, p.json()["bookable"]) for p in previews] == [(200, False)] * 2


def _named(answer: httpx.Response) -> set[str]:
    return {detail["field"] for detail in answer.json()["details"]}
