"""Guests who come one after another, several at once, for as long as they are let."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from itertools import cycle, islice
from typing import Final

import httpx

from tests.scenarios.guest import NOT_PRICED, Json, an_order
from tests.scenarios.house import open_dates
from tests.scenarios.stripe_account import GOOD_CARD, SETTLED

AT_ONCE: Final = 3
DATES: Final = 60
PATIENCE_S: Final = 120
TIMEOUT_S: Final = 40


class Crowd:
    """`failures` are the answers that were not as they should be; `booked` the bookings paid."""

    def __init__(self, url: str, stripe: str) -> None:
        self.failures: list[str] = []
        self.booked: list[str] = []
        self.answers = 0
        self.slowest_s = 0.0
        self._url, self._stripe = url, stripe
        self._is_over = threading.Event()
        self._days = cycle(islice(open_dates(), DATES))

    def leave(self) -> None:
        self._is_over.set()

    def wait_for_more(self, bookings: int) -> None:
        """Wait until so many more are booked and paid."""
        enough, deadline = len(self.booked) + bookings, time.monotonic() + PATIENCE_S
        while len(self.booked) < enough:
            assert not self.failures, self.failures[:3]
            assert time.monotonic() < deadline, "nobody books any more"
            self._is_over.wait(0.01)

    async def stay(self) -> None:
        async with self._client(self._url) as api, self._client(self._stripe) as stripe:
            await asyncio.gather(*(self._guest(api, stripe) for _ in range(AT_ONCE)))

    async def _guest(self, api: httpx.AsyncClient, stripe: httpx.AsyncClient) -> None:
        while not self._is_over.is_set():
            try:
                await self._visit(api, stripe, next(self._days))
            except httpx.HTTPError as error:
                self.failures.append(repr(error))

    async def _visit(self, api: httpx.AsyncClient, stripe: httpx.AsyncClient, on: date) -> None:
        order = an_order(on)
        days = f"start_date={on}&end_date={on}&service_type=mini_move"
        await self._ask(api, 200, "GET", f"/api/public/calendar/availability?{days}")
        priced = {name: value for name, value in order.items() if name not in NOT_PRICED}
        await self._ask(api, 200, "POST", "/api/public/pricing-preview/", priced)
        told = await self._ask(api, 201, "POST", "/api/public/guest-booking/", order)
        if told is None:
            return
        card = {"payment_intent_id": told["payment"]["payment_intent_id"], "card": GOOD_CARD}
        await stripe.post("/stripe/pay", json=card, headers=SETTLED)
        number = told["booking"]["booking_number"]
        await self._ask(api, 200, "GET", f"/api/public/booking-status/{number}")
        self.booked.append(told["booking"]["id"])

    async def _ask(
        self, api: httpx.AsyncClient, status: int, method: str, path: str, body: Json | None = None
    ) -> Json | None:
        asked_at = time.monotonic()
        answer = await api.request(method, path, json=body)
        self.slowest_s = max(self.slowest_s, time.monotonic() - asked_at)
        self.answers += 1
        if answer.status_code != status:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            return None
        told: Json = answer.json()
        return told

    @asynccontextmanager
    async def _client(self, url: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=TIMEOUT_S) as client:
            yield client


@contextmanager
def crowd(url: str, *, stripe: str) -> Iterator[Crowd]:
    """Let guests in until left; the last of them finish what they are at."""
    guests = Crowd(url, stripe)
    staying = threading.Thread(target=lambda: asyncio.run(guests.stay()))
    staying.start()
    try:
        yield guests
    finally:
        guests.leave()
        staying.join(PATIENCE_S)
