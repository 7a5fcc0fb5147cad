"""The demo: one booking over HTTP, from the catalog to its confirmation."""

import asyncio
import secrets
import textwrap
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import httpx
import typer

from totetaxi_cli.output import money
from totetaxi_core.refusal import DomainError
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

Json = Mapping[str, Any]


class DemoStoppedError(DomainError):
    """A step was answered otherwise than hoped; `code` is the answer's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DemoWalk:
    """Walks, and tells each step: what was asked and what came back."""

    def __init__(self, http: httpx.AsyncClient, *, card: str) -> None:
        self._http, self._card = http, card
        # An address of its own: two demos are never the same cart.
        self._email = f"demo-{secrets.token_hex(4)}@example.com"
        self._steps = 0

    async def walk(self) -> None:
        """Walk to the end.

        Raises:
            DemoStoppedError: an answer was a refusal, or nothing came in time.
        """
        package = await self._catalog()
        answer = await self._book(package)
        booking, token = answer["booking"], answer["manage_token"]
        await self._pay(answer["payment"]["payment_intent_id"])
        await self._await_confirmation()
        await self._look(booking["booking_number"], token)

    async def _catalog(self) -> Json:
        self._begin("What do we sell?")
        catalog = await self._call("GET", f"{PUBLIC}/services")
        packages: list[Json] = catalog["mini_move_packages"]
        for one in packages:
            self._tell(f"{one['name']}: {money(one['base_price_cents'])}")
        others = len(catalog["organizing_services"]) + len(catalog["blade_services"])
        self._tell(
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
                self._tell("somebody was faster: we take another start")
        raise DemoStoppedError(SLOT_TAKEN, "no crew is left in the next two months")

    async def _starts(self, package: Json) -> Iterator[tuple[str, str]]:
        self._begin("Which mornings have a crew?")
        today = date.today()  # noqa: DTZ011  any first date does: what is past is closed
        answer = await self._call(
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
            self._tell(f"{sum(one['open'] for one in days)} of {len(days)} dates are open")
            self._tell(f"{first_open['date']}: {free} ... with the crews left")
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
            "email": self._email,
        }

    async def _quote(self, order: Json) -> Json:
        self._begin(f"What would it cost on {order['pickup_date']} at {order['pickup_time']}?")
        asked = {
            "service_type": order["service_type"],
            "mini_move_package_id": order["mini_move_package_id"],
            "pickup_date": order["pickup_date"],
            "pickup_time": order["pickup_time"],
            "pickup_zip": order["pickup_address"]["zip_code"],
            "delivery_zip": order["delivery_address"]["zip_code"],
        }
        quote = await self._call("POST", f"{PUBLIC}/pricing-preview", json=asked)
        for line in quote["breakdown"]:
            self._tell(f"{line['kind']}: {line['label']}, {money(line['amount_cents'])}")
        self._tell(f"total {money(quote['total_price_cents'])}, kept for 30 minutes by a token")
        return quote

    async def _place(self, order: Json, quote: Json) -> Json:
        self._begin("Book it, at that price.")
        body = {
            **order,
            "quote_token": quote["quote_token"],
            "expected_total_cents": quote["total_price_cents"],
        }
        answer = await self._call("POST", f"{PUBLIC}/guest-booking", json=body)
        booking = answer["booking"]
        self._tell(
            f"{booking['booking_number']} is {booking['status']}, its crew held until"
            f" {booking['hold_expires_at']}"
        )
        if answer["payment"] is None:
            raise DemoStoppedError(str(answer["payment_error"]), "the payment was not begun")
        self._tell(f"payment intent {answer['payment']['payment_intent_id']} waits for a card")
        return answer

    async def _pay(self, intent_id: str) -> None:
        self._begin(f"Pay with the test card {self._card}.")
        asked = {"payment_intent_id": intent_id, "card": self._card}
        paid = await self._call("POST", "/sandbox/stripe/pay", json=asked)
        self._tell(f"Stripe's sandbox: {paid['status']}")
        if paid["status"] in WAITS_FOR_APPROVAL:
            self._begin("The bank asks: approve it.")
            asked = {"payment_intent_id": intent_id, "outcome": "approve"}
            paid = await self._call("POST", "/sandbox/stripe/authenticate", json=asked)
            self._tell(f"Stripe's sandbox: {paid['status']}")

    async def _await_confirmation(self) -> None:
        """Wait for the mails: they follow the webhook's settling, which the worker does."""
        self._begin("The signed webhook comes back; the worker settles, and mails.")
        path, deadline = "/sandbox/messages", time.monotonic() + CONFIRMED_WITHIN_S
        self._say(f"GET {path}?to={self._email}")
        mails: list[Json] = []
        while not {CONFIRMATION, RECEIPT} <= {mail["kind"] for mail in mails}:
            if time.monotonic() > deadline:
                message = f"the booking was not confirmed within {CONFIRMED_WITHIN_S:.0f} s"
                raise DemoStoppedError("demo_timed_out", message)
            await asyncio.sleep(LOOK_EVERY_S)
            answer = await self._http.get(path, params={"to": self._email})
            mails = answer.raise_for_status().json()
        for mail in reversed(mails):
            self._tell(f"{mail['kind']}: {mail['subject']}")
        confirmation = next(mail for mail in mails if mail["kind"] == CONFIRMATION)
        typer.echo(textwrap.indent(confirmation["text"], " " * 6 + "| ", lambda _: True))

    async def _look(self, number: str, manage_token: str) -> None:
        self._begin("How does it stand?")
        status = await self._call("GET", f"{PUBLIC}/booking-status/{number}")
        self._tell(f"anybody with the number: {status['status']} at {status['confirmed_at']}")
        own = await self._call("GET", f"{PUBLIC}/manage", headers={"X-Manage-Token": manage_token})
        self._tell(f"the guest: {own['status']}, {money(own['total_price_cents'])} paid")
        self._tell(f"owed next: the courier's tasks, {status['courier_status']} for dispatch")
        typer.echo(
            f"\n{number} is {own['status']}. More: totetaxi bookings show {number} --as NAME"
        )

    async def _call(self, method: str, path: str, **options: Any) -> Json:  # noqa: ANN401  httpx's
        self._say(f"{method} {path}")
        answer = await self._http.request(method, path, **options)
        content: Json = answer.json()
        self._say(f"{answer.status_code} {answer.reason_phrase}")
        if answer.is_success:
            return content
        raise _stopped(content)

    def _begin(self, title: str) -> None:
        self._steps += 1
        typer.echo(f"\n{typer.style(f'{self._steps}. {title}', bold=True)}")

    def _say(self, text: str) -> None:
        typer.echo(f"   {text}")

    def _tell(self, text: str) -> None:
        typer.echo(f"      {text}")


def _stopped(content: Json) -> DemoStoppedError:
    """Read a problem of ours, or an error of the sandbox."""
    if isinstance(content.get("error"), dict):
        error = content["error"]
        return DemoStoppedError(error.get("code", error["type"]), error["message"])
    return DemoStoppedError(content["error_type"], content["message"])
