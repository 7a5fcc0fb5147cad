"""Guests who look at prices and book, all the while nodes come and go."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Final
from uuid import uuid4

import attrs
import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Guest, Json, an_order
from tests.scenarios.house import open_dates

GUESTS: Final = 6
PREVIEWS_A_BOOKING: Final = 4
STARTS: Final = ("07:00", "09:00", "11:00")
CREWS: Final = 3
PATIENCE_S: Final = 120
BOOKED: Final = (200, 201)


@attrs.define
class BookingLoad:
    """What came of it so far: one entry of `booked` for each order, and every other answer."""

    orders: SimpleQueue[Json]
    booked: list[Booked] = attrs.field(factory=list)
    failures: list[str] = attrs.field(factory=list)  # of single tries; each was tried again
    stop: threading.Event = attrs.field(factory=threading.Event)

    def wait_for(self, number: int) -> None:
        """Return once so many more orders are booked than now."""
        least = len(self.booked) + number
        eventually(lambda: len(self.booked) >= least, within_s=PATIENCE_S)

    def live(self, url: str) -> None:
        """Be a guest until told to stop, or until the mornings are sold out."""
        guest = Guest(url)
        try:
            with suppress(Empty):
                while not self.stop.is_set():
                    self._shop(guest, self.orders.get_nowait())
        finally:
            guest.close()

    def _shop(self, guest: Guest, order: Json) -> None:
        for _ in range(PREVIEWS_A_BOOKING):
            self._try(lambda: guest.post("public/pricing-preview/", _priced(order)))
        key = str(uuid4())

        def book() -> httpx.Response | None:
            answer = self._try(lambda: guest.book(order, key=key))
            return answer if answer is not None and answer.status_code in BOOKED else None

        answer = eventually(book, within_s=PATIENCE_S)
        self.booked.append(Booked.from_answer(answer.json()))

    def _try(self, call: Callable[[], httpx.Response]) -> httpx.Response | None:
        """Call once, and keep what was no good answer."""
        try:
            answer = call()
        except httpx.TransportError as error:
            self.failures.append(repr(error))
            return None
        if answer.status_code not in BOOKED:
            self.failures.append(f"{answer.status_code} {answer.text[:200]}")
        return answer


@contextmanager
def booking_load(url: str) -> Iterator[BookingLoad]:
    """Book by several guests at `url` until left; who fails to book at all fails the test."""
    load = BookingLoad(_orders())
    with ThreadPoolExecutor(GUESTS) as threads:
        guests: list[Future[None]] = [threads.submit(load.live, url) for _ in range(GUESTS)]
        try:
            yield load
        finally:
            load.stop.set()
    for guest in guests:
        guest.result()


def _orders() -> SimpleQueue[Json]:
    orders: SimpleQueue[Json] = SimpleQueue()
    for on in open_dates():
        for start in STARTS:
            for _ in range(CREWS):
                orders.put(an_order(on, pickup_time=start))
    return orders


def _priced(order: Json) -> Json:
    fields = ("service_type", "mini_move_package_id", "pickup_date", "pickup_time")
    zips = {f"{end}_zip": order[f"{end}_address"]["zip_code"] for end in ("pickup", "delivery")}
    return {**{name: order[name] for name in fields}, **zips}
