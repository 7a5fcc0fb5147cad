"""A guest with a browser."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any, Final

import attrs
import httpx

from totetaxi_core.price_book import PriceBook

PETITE: Final = PriceBook.default().mini_move_packages[0]
NOT_PRICED: Final = (
    "first_name",
    "last_name",
    "phone",
    "item_description",
    "expected_total_cents",
    "create_payment_intent",
)
guest_numbers: Final = count(1)

Json = dict[str, Any]


@attrs.frozen(kw_only=True)
class Booked:
    """What the guest knows after booking."""

    id: str
    number: str
    email: str
    total_cents: int
    manage_token: str
    intent_id: str
    answer: Json

    @classmethod
    def from_answer(cls, answer: Json) -> "Booked":
        booking, payment = answer["booking"], answer["payment"]
        return cls(
            id=booking["id"],
            number=booking["booking_number"],
            email=booking["email"],
            total_cents=booking["total_price_cents"],
            manage_token=answer["manage_token"],
            intent_id=payment["payment_intent_id"] if payment else "",
            answer=answer,
        )


def an_address(**changes: object) -> Json:
    return {
        "address_line_1": "350 5th Ave",
        "city": "New York",
        "state": "NY",
        "zip_code": "10001",
        **changes,
    }


def a_delivery_address(**changes: object) -> Json:
    return an_address(
        **{
            "address_line_1": "12 Main St",
            "city": "East Hampton",
            "zip_code": "11937",
            **changes,
        }
    )


def an_order(on: date | str, **changes: object) -> Json:
    """A petite mini move at nine, of a guest who has never been here before."""
    return {
        "service_type": "mini_move",
        "mini_move_package_id": str(PETITE.id),
        "pickup_date": str(on),
        "pickup_time": "09:00",
        "pickup_address": an_address(),
        "delivery_address": a_delivery_address(),
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": f"guest{next(guest_numbers)}@example.com",
        "phone": "+12127365000",
        **changes,
    }


class Guest:
    """Calls the service at `url`."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=40)

    def close(self) -> None:
        self.http.close()

    def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self.http.post(f"/api/{path}", json=body, headers=dict(headers or {}))

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(f"/api/{path}", params=query)

    def book(self, order: Json, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post("public/guest-booking/", order, headers)

    def books(self, order: Json, *, key: str | None = None) -> Booked:
        """Book, and be sure that it worked."""
        answer = self.book(order, key=key)
        assert answer.status_code == 201, answer.text
        return Booked.from_answer(answer.json())

    def create_intent(self, booked: Booked) -> httpx.Response:
        body = {"booking_id": booked.id}
        return self.post("payments/create-intent/", body, _token(booked))

    def confirm(self, booked: Booked, intent_id: str | None = None) -> httpx.Response:
        body = {"booking_id": booked.id, "payment_intent_id": intent_id or booked.intent_id}
        return self.post("payments/confirm/", body, _token(booked))

    def cancellation(self, booked: Booked) -> httpx.Response:
        return self.http.get("/api/public/manage/cancellation/", headers=_token(booked))

    def cancel(self, booked: Booked, *, expected_refund_cents: int) -> httpx.Response:
        body = {"expected_refund_cents": expected_refund_cents}
        return self.post("public/manage/cancellation/", body, _token(booked))

    def mails(self, to: str, kind: str) -> list[str]:
        """Return the mails of a kind to an address, oldest first, as a sandbox beside us shows."""
        answer = self.http.get("/sandbox/messages", params={"to": to})
        assert answer.status_code == 200, answer.text
        return [one["text"] for one in reversed(answer.json()) if one["kind"] == kind]

    def preview(self, order: Json) -> Json:
        fields = {name: value for name, value in order.items() if name not in NOT_PRICED}
        answer = self.post("public/pricing-preview/", fields)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told


def _token(booked: Booked) -> dict[str, str]:
    return {"X-Manage-Token": booked.manage_token}
