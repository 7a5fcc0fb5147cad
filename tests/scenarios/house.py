"""A whole house: a database, a Stripe sandbox in a process of its own, and our processes."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import choice, token_hex
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from tests.scenarios.child_process import ChildProcess
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Guest
from tests.scenarios.stripe_account import StripeAccount
from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_adapters.jobs import create_job_app
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import terms_of, wired
from totetaxi_adapters.worker import UPKEEP_QUEUE
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.price_book import PriceBook

PROGRAM: Final = str(Path(__file__).with_name("service_program.py"))
WEBHOOK_SECRET: Final = "whsec_scenarios"
STAFF_EMAIL: Final = "operations@totetaxi.com"
PORTS: Final = range(20_000, 32_768)
"""Those that Linux gives neither to who binds port 0 nor to who calls."""
NEW_YORK: Final = ZoneInfo("America/New_York")

Row = dict[str, Any]


class House:
    """Our side is at `url` once `start` has returned; `database_url` has its data."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url, self._folder = database_url, folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._open_dates = open_dates()
        self._started: list[ChildProcess] = []
        self.guest = Guest(self.url)
        self._others: list[Guest] = []
        self._stripe_port = free_port()
        self.stripe = self._start_stripe()

    def start(self, role: str = "service", *, port: int = 0, **settings: str) -> ChildProcess:
        """Start `service`, `service_without_worker` or `worker`; return it once it is ready."""
        environ = {**self.environ, "PORT": str(port or self.port), **settings}
        process = self._run([PROGRAM, role], environ, name=role)
        process.wait_for("ready ")
        return process

    @property
    def environ(self) -> dict[str, str]:
        """Return the settings of every process of ours."""
        return {
            "DATABASE_URL": self.database_url,
            "STRIPE_API_BASE": self.stripe.base,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "RATELIMIT_ENABLE": "false",
            "STORAGE_URL": f"file://{self._folder}/files",
            "TOTETAXI_DATA_DIR": f"{self._folder}/data",
        }

    def close(self) -> None:
        for process in self._started:
            process.kill()
        self.stripe.close()
        for guest in (self.guest, *self._others):
            guest.close()

    def output(self) -> str:
        """Return what all processes have printed."""
        return "".join(process.output for process in self._started)

    def start_another(self, role: str = "service_without_worker", **settings: str) -> Guest:
        """Start one more service on the same database; return a guest who calls that one."""
        port = free_port()
        self.start(role, port=port, **settings)
        self._others.append(Guest(f"http://127.0.0.1:{port}"))
        return self._others[-1]

    def publish(self, sections: Mapping[str, object], *, now: str = "") -> PriceBook:
        """Publish the current book with some sections of its document replaced.

        `now` is the services' clock if they have one of their own. Return once the service at
        `url` has the book: within a second, as it promises.
        """
        book = asyncio.run(_publish(sections, self.database_url, now=now))
        eventually(
            lambda: self.guest.get("public/services").json()["price_book_version"] == book.version,
            within_s=1,
        )
        return book

    def next_open_date(self) -> date:
        """Return a date nobody has booked yet, so that its crews are all free."""
        return next(self._open_dates)

    def rows(self, query: str, *values: object) -> list[Row]:
        with psycopg.connect(
            self.database_url, autocommit=True, row_factory=dict_row
        ) as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def change(self, statement: str, *values: object) -> int:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement.encode(), values or None).rowcount

    def booking(self, booking_id: str) -> Row:
        return self.rows("SELECT * FROM bookings WHERE id = %s", booking_id)[0]

    def wait_for_status(self, booking_id: str, status: str, *, within_s: float = 60) -> Row:
        def look() -> Row | None:
            booking = self.booking(booking_id)
            return booking if booking["status"] == status else None

        return eventually(look, within_s=within_s)

    def messages(self, booking_id: str) -> list[str]:
        """Return the kinds of the messages kept for the booking, in the order they were owed."""
        found = self.rows(
            "SELECT messages.kind FROM messages JOIN owed_effects USING (id)"
            " WHERE booking_id = %s ORDER BY owed_effects.created_at, messages.kind",
            booking_id,
        )
        return [row["kind"] for row in found]

    def mails(self, booking_id: str, kind: str) -> list[str]:
        """Return the booking's messages of a kind as they are delivered, oldest first."""
        found = self.rows(
            "SELECT * FROM messages WHERE booking_id = %s AND kind = %s ORDER BY created_at",
            booking_id,
            kind,
        )
        terms = terms_of(settings_from({"HOME": "/nowhere"}))
        kept = [Message(**row | {"kind": MessageKind(row["kind"])}) for row in found]
        return [text_with_tokens(message, terms) for message in kept]

    def wait_for_messages(self, booking_id: str, *kinds: str, within_s: float = 30) -> None:
        """Wait until exactly these messages are kept, each once."""
        wanted = sorted(kinds)
        kept: list[str] = []

        def look() -> bool:
            kept[:] = sorted(self.messages(booking_id))
            return kept == wanted

        try:
            eventually(look, within_s=within_s)
        except AssertionError as late:
            raise AssertionError(f"{late}; messages kept: {kept}, wanted: {wanted}") from late

    def let_time_pass(self) -> None:
        """Let leases, claims and pauses of whatever was under way run out, and give it a job."""
        self.change(
            "UPDATE owed_effects SET leased_until = NULL, deferred_at = NULL,"
            " due_at = CASE WHEN attempts > 0 THEN least(due_at, now()) ELSE due_at END"
            " WHERE state = 'due'"
        )
        self.change("UPDATE courier_tasks SET claimed_until = NULL")
        self.do_upkeep("sweep_effects")

    def wait_until_nothing_is_owed(self, *, within_s: float = 30) -> None:
        """Wait until all is done but reminders, which wait for the day before their pickup."""
        query = (
            "SELECT * FROM owed_effects WHERE state IN ('due', 'failed')"
            " AND NOT (attempts = 0 AND coalesce(payload->>'message_kind', '') = 'reminder')"
        )
        try:
            eventually(lambda: not self.rows(query), within_s=within_s)
        except AssertionError as late:
            raise AssertionError(f"{late}; owed: {self.rows(query)}") from late

    def pay_behind_our_back(self, booked: Booked) -> str:
        """Pay with an intent that carries our marks but was not made by us; return its id."""
        query = "SELECT id FROM payments WHERE booking_id = %s AND purpose = 'booking'"
        metadata = {
            "booking_id": booked.id,
            "booking_number": booked.number,
            "payment_id": str(self.rows(query, booked.id)[0]["id"]),
            "attempt": "9",
        }
        intent_id = self.stripe.create_intent(amount_cents=booked.total_cents, metadata=metadata)
        assert self.stripe.pay(intent_id).status_code == 200
        return intent_id

    def do_upkeep(self, task: str) -> None:
        """Have the worker do a periodic task now, such as `expire_holds`."""
        asyncio.run(_defer(task, self.database_url))

    def let_hold_lapse(self, booking_id: str) -> None:
        self.change(
            "UPDATE bookings SET hold_expires_at = now() - interval '1 second' WHERE id = %s",
            booking_id,
        )

    def let_attempt_age(self, booking_id: str) -> None:
        """Make the booking's attempt old enough for the next periodic check."""
        self.change(
            "UPDATE payment_attempts SET created_at = created_at - interval '1 minute',"
            " checked_at = checked_at - interval '1 minute' WHERE booking_id = %s",
            booking_id,
        )

    def crews_taken(self, on: date) -> int:
        """Return the most crews taken in any half hour of the date."""
        query = "SELECT coalesce(max(taken), 0) AS taken FROM crew_half_hours WHERE on_date = %s"
        return int(self.rows(query, on)[0]["taken"])

    def restart_stripe(self) -> None:
        """Start Stripe again where it was, with all it knew."""
        self.stripe.close()
        self.stripe = self._start_stripe()

    def _start_stripe(self) -> StripeAccount:
        arguments = ["-m", "totetaxi_adapters.sandbox", "--database-url", self.database_url]
        arguments += ["--port", str(self._stripe_port)]
        arguments += ["--webhook-url", f"{self.url}/api/payments/webhook/"]
        arguments += ["--webhook-secret", WEBHOOK_SECRET, "--refund-settle-s", "0.2"]
        process = self._run(arguments, {}, name="stripe")
        line = process.wait_for("sandbox ready on ")
        return StripeAccount(f"{line.rpartition(' ')[2]}/stripe", process)

    def _run(self, arguments: list[str], environ: dict[str, str], *, name: str) -> ChildProcess:
        log = self._folder / f"{name}-{len(self._started)}.log"
        process = ChildProcess(arguments, environ=environ, log=log)
        self._started.append(process)
        return process


@contextmanager
def open_house(server_url: str, template: str, folder: Path) -> Iterator[House]:
    """Build a house on a migrated database of its own; nothing but Stripe runs in it yet."""
    name = f"scenario_{token_hex(4)}"
    _execute(server_url, SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    house = House(url, folder)
    try:
        yield house
    finally:
        house.close()
        _execute(server_url, SQL("DROP DATABASE {} WITH (FORCE)"), name)


def _execute(server_url: str, statement: SQL, *names: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.format(*map(Identifier, names)))


async def _publish(sections: Mapping[str, object], database_url: str, *, now: str) -> PriceBook:
    settings = settings_from({"HOME": "/nowhere", "TOTETAXI_NOW": now})
    async with wired(settings, database_url) as wiring:
        at, current = wiring.ports.clock(), wiring.current_book.book
        book = PriceBook.from_document({**current.document, **sections})
        async with wiring.ports.unit_of_work() as uow:
            published = await uow.price_books.publish(
                book, based_on=current.version, by="maria", effective_at=at, at=at
            )
            await uow.commit()
    return published


async def _defer(task: str, database_url: str) -> None:
    jobs = create_job_app(database_url, max_connections=1)
    async with jobs.open_async():
        await jobs.configure_task(task, queue=UPKEEP_QUEUE).defer_async(timestamp=0)


def free_port() -> int:
    """Return a port of loopback that nobody listens on now, nor is likely to soon."""
    while True:
        port = choice(PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def open_dates() -> Iterator[date]:
    """Yield the dates a customer may book, soonest first."""
    holidays = FederalHolidayCalendar()
    today = datetime.now(UTC).astimezone(NEW_YORK).date()
    for days in range(3, 175):
        on = today + timedelta(days=days)
        if on.weekday() < 5 and not holidays.is_holiday(on):
            yield on
