"""Webhooks over the wire: a service that dies, a subscriber that hangs, and one that hears all."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from standardwebhooks import Webhook

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import an_order
from tests.scenarios.house import House
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import (
    KnownSubscription,
    NewSubscription,
    create_subscription,
)

Received = tuple[dict[str, str], bytes]


class Subscriber:
    """A client system: `before_answer` runs once a request is read."""

    def __init__(self, before_answer: Callable[[], None]) -> None:
        self.received: list[Received] = []
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received.append((headers, body))
                before_answer()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    @contextmanager
    def listening(self) -> Iterator["Subscriber"]:
        thread = Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]


async def subscribe(house: House, *urls: str) -> list[KnownSubscription]:
    settings = settings_from({"HOME": "/nowhere", "WEBHOOKS_ALLOW_PRIVATE": "true"})
    async with wired(settings, house.database_url) as wiring:
        every = frozenset(EventType)
        return [
            await create_subscription(
                NewSubscription(url=url, event_types=every),
                wiring.ports,
                wiring.terms,
                staff_name="maria",
            )
            for url in urls
        ]


def test_given_a_death_after_the_send_and_one_that_hangs_then_the_other_hears_all_in_order(
    empty_house: House,
) -> None:
    house, death, over = empty_house, Event(), Event()

    def hang() -> None:
        over.wait(60)

    def hang_once() -> None:
        if not death.is_set():
            death.set()
            hang()

    dying, hanging = Subscriber(hang_once), Subscriber(hang)
    with dying.listening(), hanging.listening():
        known, _ = asyncio.run(subscribe(house, dying.url, hanging.url))
        service = house.start(WEBHOOKS_ALLOW_PRIVATE="true")
        booked = house.guest.books(an_order(house.next_open_date()))
        assert death.wait(20)
        eventually(lambda: hanging.received, within_s=20)
        service.kill()
        house.change("UPDATE webhook_subscriptions SET leased_until = now()")  # not to wait for it
        house.start(WEBHOOKS_ALLOW_PRIVATE="true")
        assert house.stripe.pay(booked.intent_id).status_code == 200
        house.wait_for_status(booked.id, "confirmed")
        eventually(lambda: len(dying.received) >= 4, within_s=20)
        over.set()

    assert [one["type"] for one in dying.told()] == [
        "booking.created",
        "booking.created",
        "payment.succeeded",
        "booking.confirmed",
    ]
    (first, body), (again, same), *_ = dying.received
    assert (first["webhook-id"], body) == (again["webhook-id"], same)
    for headers, content in dying.received:
        assert Webhook(known.secret).verify(content, headers) == json.loads(content)
    assert {one["type"] for one in hanging.told()} == {"booking.created"}
