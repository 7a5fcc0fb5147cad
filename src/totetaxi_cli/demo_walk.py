"""The demo's first half: one booking over HTTP, from the catalog to its confirmation."""

import asyncio
import secrets
import textwrap
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import typer

from totetaxi_cli.demo_steps import DemoSteps, DemoStoppedError, Json
from totetaxi_cli.output import money
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING

CONFIRMED_WITHIN_S: Final = 30.0
LOOK_EVERY_S: Final = 0.2
DAYS_AHEAD: Final = 61
MOST_TRIES: Final = 5
SLOT_TAKEN: Final = "slot_unavailable"
PUBLIC: Final = "/api/public"
CONFIRMATION: Final = "booking_confirmed"
RECEIPT: Final = "receipt"
WAITS_FOR_APPROVAL: Final = frozenset({"requires_action", "processing"})


class Booked(NamedTuple):
    """The booking of the demo, and what its guest knows."""

    number: str
    manage_token: str
    email: str


class DemoWalk:
    """Quotes, books and pays."""

    def __init__(self, steps: DemoSteps, *, card: str) -> None:
        self._steps, self._card = steps, card
        # An address of its own: two demos are never the same cart.
        self.email = f"demo-{secrets.token_hex(4)}@example.com"

    async def walk(self) -> Booked:
        """Walk until the booking is confirmed, and return it.

        Raises:
            DemoStoppedError: an answer was a refusal, or nothing came in time.
        """
        package = await self._catalog()
        answer = await self._book(package)
        booking, token = answer["booking"], answer["manage_token"]
        await self._pay(answer["payment"]["payment_intent_id"])
        await self._await_confirmation()
        return Booked(number=booking["booking_number"], manage_token=token, email=self.email)

    async def _catalog(self) -> Json:
        self._steps.begin("What do we sell?")
        catalog = await self._steps.call("GET", f"{PUBLIC}/services")
        packages: list[Json] = catalog["mini_move_packages"]
        for one in packages:
            self._steps.tell(f"{one['name']}: {money(one['base_price_cents'])}")
        others = len(catalog["organizing_services"]) + len(catalog["blade_services"])
        self._steps.tell(
            f"and {others} other services, {len(catalog['specialty_items'])} specialty items,"
            f" by price book {catalog['price_book_version']}"
        )
        return packages[0]

    async def _book(self, package: Json) -> Json:
        """Take the first start with a crew; the next one if somebody else is faster."""
        starts = await self._starts(package)
        for _, (day, start) in zip(range(MOST_TRIES), starts, strict=False):
            order = self._order(package, day=day, start=start)
            quote = await self._quote(order)
            try:
                return await self._place(order, quote)
            except DemoStoppedError as error:
                if error.code != SLOT_TAKEN:
                    raise
                self._steps.tell("somebody was faster: we take another start")
        raise DemoStoppedError(SLOT_TAKEN, "no crew is left in the next two months")

    async def _starts(self, package: Json) -> Iterator[tuple[str, str]]:
        self._steps.begin("Which mornings have a crew?")
        today = date.today()  # noqa: DTZ011  any first date does: what is past is closed
        answer = await self._steps.call(
            "GET",
            f"{PUBLIC}/calendar/availability",
            params={
                "start_date": today.isoformat(),
                "end_date": (today + timedelta(days=DAYS_AHEAD)).isoformat(),
                "service_type": "mini_move",
                "mini_move_package_id": package["id"],
            },
        )
        days: list[Json] = answer["days"]
        first_open = next((one for one in days if one["slots"]), None)
        if first_open is not None:
            free = ", ".join(f"{s['time']} ({s['crews_left']})" for s in first_open["slots"][:4])
            self._steps.tell(f"{sum(one['open'] for one in days)} of {len(days)} dates are open")
            self._steps.tell(f"{first_open['date']}: {free} ... with the crews left")
        return (
            (one["date"], slot["time"])
            for one in days
            for slot in one["slots"]
            if slot["crews_left"] > 0
        )

    def _order(self, package: Json, *, day: str, start: str) -> dict[str, Any]:
        return {
            **EXAMPLE_BOOKING,
            "mini_move_package_id": package["id"],
            "pickup_date": day,
            "pickup_time": start,
            "email": self.email,
        }

    async def _quote(self, order: Json) -> Json:
        self._steps.begin(
            f"What would it cost on {order['pickup_date']} at {order['pickup_time']}?"
        )
        asked = {
            "service_type": order["service_type"],
            "mini_move_package_id": order["mini_move_package_id"],
            "pickup_date": order["pickup_date"],
            "pickup_time": order["pickup_time"],
            "pickup_zip": order["pickup_address"]["zip_code"],
            "delivery_zip": order["delivery_address"]["zip_code"],
        }
        quote: Json = await self._steps.call("POST", f"{PUBLIC}/pricing-preview", json=asked)
        for line in quote["breakdown"]:
            self._steps.tell(f"{line['kind']}: {line['label']}, {money(line['amount_cents'])}")
        self._steps.tell(
            f"total {money(quote['total_price_cents'])}, kept for 30 minutes by a token"
        )
        return quote

    async def _place(self, order: Json, quote: Json) -> Json:
        self._steps.begin("Book it, at that price.")
        body = {
            **order,
            "quote_token": quote["quote_token"],
            "expected_total_cents": quote["total_price_cents"],
        }
        answer: Json = await self._steps.call("POST", f"{PUBLIC}/guest-booking", json=body)
        booking = answer["booking"]
        self._steps.tell(
            f"{booking['booking_number']} is {booking['status']}, its crew held until"
            f" {booking['hold_expires_at']}"
        )
        if answer["payment"] is None:
            raise DemoStoppedError(str(answer["payment_error"]), "the payment was not begun")
        self._steps.tell(
            f"payment intent {answer['payment']['payment_intent_id']} waits for a card"
        )
        return answer

    async def _pay(self, intent_id: str) -> None:
        self._steps.begin(f"Pay with the test card {self._card}.")
        asked = {"payment_intent_id": intent_id, "card": self._card}
        paid = await self._steps.call("POST", "/sandbox/stripe/pay", json=asked)
        self._steps.tell(f"Stripe's sandbox: {paid['status']}")
        if paid["status"] in WAITS_FOR_APPROVAL:
            self._steps.begin("The bank asks: approve it.")
            asked = {"payment_intent_id": intent_id, "outcome": "approve"}
            paid = await self._steps.call("POST", "/sandbox/stripe/authenticate", json=asked)
            self._steps.tell(f"Stripe's sandbox: {paid['status']}")

    async def _await_confirmation(self) -> None:
        """Wait for the mails: they follow the webhook's settling, which the worker does."""
        self._steps.begin("The signed webhook comes back; the worker settles, and mails.")
        path, deadline = "/sandbox/messages", time.monotonic() + CONFIRMED_WITHIN_S
        self._steps.say(f"GET {path}?to={self.email}")
        mails: list[Json] = []
        while not {CONFIRMATION, RECEIPT} <= {mail["kind"] for mail in mails}:
            if time.monotonic() > deadline:
                message = f"the booking was not confirmed within {CONFIRMED_WITHIN_S:.0f} s"
                raise DemoStoppedError("demo_timed_out", message)
            await asyncio.sleep(LOOK_EVERY_S)
            answer = await self._steps.http.get(path, params={"to": self.email})
            mails = answer.raise_for_status().json()
        for mail in reversed(mails):
            self._steps.tell(f"{mail['kind']}: {mail['subject']}")
        confirmation = next(mail for mail in mails if mail["kind"] == CONFIRMATION)
        typer.echo(textwrap.indent(confirmation["text"], " " * 6 + "| ", lambda _: True))
