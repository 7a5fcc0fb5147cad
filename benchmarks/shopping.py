"""What a guest asks for on the way to a booking that is paid."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any, Final

import httpx

from benchmarks.booking_house import TODAY
from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_core import PriceBook

PREVIEWS: Final = 10
GUESTS: Final = 4
CARD: Final = "4242424242424242"
FIRST_DAY, DAYS = 4, 160
SATURDAY: Final = 5

Json = dict[str, Any]


class Shop:
    """The service at `url` and Stripe at `stripe_url`, on days with crews without end."""

    def __init__(self, url: str, *, stripe_url: str) -> None:
        self._url, self._stripe_url = url, stripe_url
        self._orders, self._turn = _orders(), threading.Lock()

    def sell(self, bookings: int) -> None:
        """Let several guests shop until so many bookings are paid.

        Raises:
            httpx.HTTPStatusError: one of them was refused.
        """
        with ThreadPoolExecutor(GUESTS) as threads:
            list(threads.map(self._shop, range(bookings)))

    def _shop(self, _: int) -> None:
        """Look at the catalog, the calendar and prices; book, pay, confirm, and look again."""
        with self._turn:
            order = next(self._orders)
        with httpx.Client(base_url=f"{self._url}/api/", trust_env=False, timeout=60) as http:
            _ask(http, "GET", "public/services")
            for month in range(3):
                _ask(http, "GET", "public/calendar/availability", params=_month(month))
            for _preview in range(PREVIEWS):
                _ask(http, "POST", "public/pricing-preview", json=_priced(order))
            booked = _ask(http, "POST", "public/guest-booking", json=order)
            intent_id = booked["payment"]["payment_intent_id"]
            paying = {"payment_intent_id": intent_id, "card": CARD}
            _ask(http, "POST", f"{self._stripe_url}/pay", json=paying)
            token = {"X-Manage-Token": booked["manage_token"]}
            paid = {"booking_id": booked["booking"]["id"], "payment_intent_id": intent_id}
            _ask(http, "POST", "payments/confirm", json=paid, headers=token)
            for _look in range(2):
                _ask(http, "GET", "public/manage", headers=token)


def _ask(http: httpx.Client, method: str, path: str, **what: Any) -> Json:  # noqa: ANN401  httpx's own
    answer = http.request(method, path, **what)
    answer.raise_for_status()
    told: Json = answer.json()
    return told


def _orders() -> Iterator[Json]:
    holidays = FederalHolidayCalendar()
    package = str(PriceBook.default().mini_move_packages[0].id)
    for number in count(1):
        on = TODAY + timedelta(days=FIRST_DAY + number % DAYS)
        if on.weekday() < SATURDAY and not holidays.is_holiday(on):
            yield {
                "service_type": "mini_move",
                "mini_move_package_id": package,
                "pickup_date": on.isoformat(),
                "pickup_time": "09:00",
                "pickup_address": _address(f"{number} Park Avenue", "New York", "10021"),
                "delivery_address": _address("12 Egypt Lane", "East Hampton", "11937"),
                "first_name": "Ada",
                "last_name": "Guest",
                "email": f"guest{number}@example.com",
                "phone": "+12125550123",
            }


def _address(line: str, city: str, zip_code: str) -> Json:
    return {"address_line_1": line, "city": city, "state": "NY", "zip_code": zip_code}


def _priced(order: Json) -> Json:
    fields = ("service_type", "mini_move_package_id", "pickup_date", "pickup_time")
    zips = {f"{end}_zip": order[f"{end}_address"]["zip_code"] for end in ("pickup", "delivery")}
    return {**{name: order[name] for name in fields}, **zips}


def _month(number: int) -> Json:
    start = TODAY + timedelta(days=FIRST_DAY + 30 * number)
    end = start + timedelta(days=29)
    return {
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "service_type": "mini_move",
    }
