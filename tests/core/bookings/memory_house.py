"""The whole house in memory: every use case can be asked, everything stored be looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.builders import DEFAULT_BOOK, NOW, a_contact, a_delivery_address, a_quote_request, an_id
from tests.builders import an_address as a_pickup_address
from tests.core.payments.interrupted_checkout import InterruptedCheckout
from tests.core.payments.interrupted_gateway import InterruptedGateway
from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.disputes import MemoryDisputeGateway
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.holidays import MemoryHolidayCalendar
from totetaxi_adapters.memory.payment_records import MemoryPaymentRecords
from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.memory.subscribers import MemorySubscribers
from totetaxi_adapters.memory.table import Table
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_adapters.memory.zip_points import MemoryZipPoints
from totetaxi_core.bookings.book_as_guest import BookedAsGuest, book_as_guest
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.manage_token import ManageTokens
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.customers.account_token import AccountTokens
from totetaxi_core.customers.pseudonyms import Pseudonyms
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.perform_effect import perform_effect
from totetaxi_core.payments.checkout import CheckoutSession
from totetaxi_core.payments.gateway import IntentOrder, PaymentIntent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
)
from totetaxi_core.payments.refund import Refund
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.pricing.quote_token import QuoteTokens
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.webhooks.webhook_secrets import WebhookSecrets

SECRET = "a secret of the tests"
STAFF_EMAIL = "dispatch@totetaxi.example"
PHONE = "+1 (631) 595-5100"
NEW_YORK = ZoneInfo("America/New_York")
HOUSE_RULES = Schedule()


def an_order(**changes: Any) -> Order:  # noqa: ANN401  any field of an order
    """Ada's petite mini move to East Hampton: 995.00 dollars, December 1 at 09:00."""
    order = Order(
        request=a_quote_request(),
        contact=a_contact(),
        pickup_address=a_pickup_address(),
        delivery_address=a_delivery_address(),
    )
    return replace(order, **changes)


def a_key(name: str = "key-1", *, body: str = "b" * 64) -> IdempotencyKey:
    return IdempotencyKey(scope="guest-booking:ada.guest@example.com", key=name, body_hash=body)


def by_staff(
    booking: Booking, *, name: str = "maria", notes: str = "", seen: int | None = None
) -> StatusChange:
    """Return a change of the booking by a member of staff, who may have seen one version alone."""
    return StatusChange(
        booking_id=booking.id,
        staff_name=name,
        notes=notes,
        seen_versions=None if seen is None else (seen,),
    )


class MemoryHouse:
    """One business, on one event loop. It has no price book before one is published."""

    def __init__(
        self,
        *,
        schedule: Schedule = HOUSE_RULES,
        holidays: Iterable[date] = (),
        at: datetime = NOW,
    ) -> None:
        self.clock = SettableClock(at)
        self.database = MemoryDatabase()
        self.ids = IdSource(Random(2026))  # noqa: S311  the same ids in each run
        self.stripe = InterruptedGateway(ids=self.ids, clock=self.clock)
        self.checkout = InterruptedCheckout(self.stripe, ids=self.ids, clock=self.clock)
        self.disputes = MemoryDisputeGateway(self.stripe)
        self.cards = MemoryCardGateway(self.stripe)
        self.couriers = MemoryCourierGateway(ids=self.ids, clock=self.clock)
        self.planner = MemoryRoutePlanner()
        self.files = MemoryFileStore()
        self.subscribers = MemorySubscribers()
        self.ports = Ports(
            unit_of_work=lambda: MemoryUnitOfWork(self.database),
            payments=self.stripe,
            payment_records=MemoryPaymentRecords(self.stripe),
            checkout=self.checkout,
            cards=self.cards,
            disputes=self.disputes,
            couriers=self.couriers,
            planner=self.planner,
            files=self.files,
            subscribers=self.subscribers,
            holidays=MemoryHolidayCalendar(holidays),
            zip_points=MemoryZipPoints(),
            clock=self.clock,
            ids=self.ids,
        )
        self.terms = Terms(
            zone=NEW_YORK,
            limits=ChargeLimits(support_phone=PHONE),
            quote_tokens=QuoteTokens(SECRET),
            manage_tokens=ManageTokens(SECRET),
            account_tokens=AccountTokens(SECRET),
            pseudonyms=Pseudonyms(SECRET),
            webhook_secrets=WebhookSecrets(SECRET),
            public_url="https://totetaxi.example",
            staff_email=STAFF_EMAIL,
            schedule=schedule,
        )

    async def publish(self, book: PriceBook, *, based_on: int) -> None:
        now = self.clock()
        async with self.ports.unit_of_work() as uow:
            await uow.price_books.publish(
                book, based_on=based_on, by="system", effective_at=now, at=now
            )
            await uow.commit()

    async def book_order(self, order: Order | None = None) -> BookedAsGuest:
        return await book_as_guest(order or an_order(), self.ports, self.terms)

    async def book_unpaid(self, **changes: Any) -> tuple[Booking, PaymentIntent]:  # noqa: ANN401
        """Book an order with these changes and return it with the intent that waits for a card."""
        booked = await self.book_order(an_order(**changes))
        assert booked.intent is not None
        return booked.booking, booked.intent

    async def book_without_intent(self) -> Booking:
        return (await self.book_order(an_order(wants_intent=False))).booking

    async def open_link(self, booking: Booking) -> CheckoutSession:
        return await open_payment_link(booking.id, self.ports, self.terms)

    async def confirm_in_cash(self, booking: Booking) -> Booking:
        return await confirm_in_cash(by_staff(booking), self.ports, self.terms)

    async def end_here(self, attempt: PaymentAttempt) -> None:
        """End an attempt in our rows alone, as a restored backup may have it."""
        async with self.ports.unit_of_work() as uow:
            await uow.payments.save_attempt(replace(attempt, state=AttemptState.ENDED))
            await uow.commit()

    def pay(self, intent: PaymentIntent, card: str = PAYS) -> PaymentIntent:
        return self.stripe.pay(intent.id, card)

    async def stray_intent(self, booking: Booking, *, number: int = 9) -> PaymentIntent:
        """Make an intent of ours at Stripe that none of our attempts has, and return it."""
        return await self.stripe.create_intent(
            IntentOrder(
                booking_id=booking.id,
                booking_number=booking.booking_number,
                payment_id=self.payments(booking)[0].id,
                attempt=number,
                amount_cents=booking.total_cents,
                receipt_email="ada@example.com",
            )
        )

    async def charge_of_another(self) -> PaymentIntent:
        """Have somebody pay an intent with marks like ours, whose booking we do not have."""
        order = IntentOrder(
            booking_id=an_id(),
            booking_number="TT-00000000",
            payment_id=an_id(),
            attempt=1,
            amount_cents=5_000,
            receipt_email="ada@example.com",
        )
        intent = await self.stripe.create_intent(order)
        return self.pay(intent)

    async def cancel(self, booking: Booking, *, staff_name: str | None = None) -> Booking:
        by = None if staff_name is None else by_staff(booking, name=staff_name)
        return await cancel_unpaid(booking.id, self.ports, self.terms, by=by)

    async def settle(self, intent: PaymentIntent) -> Booking | None:
        settlement = await settle_intent(intent.id, self.ports, self.terms)
        return settlement.booking if settlement else None

    async def settle_by_look(self, look: PaymentIntent) -> Booking | None:
        """Settle by an answer of Stripe's that may be out of date."""
        self.stripe.looks[look.id] = look
        return await self.settle(look)

    async def work_off(self) -> int:
        """Do everything owed that has a job, and return how many effects that were."""
        done = 0
        while (effect_id := self.database.jobs.take()) is not None:
            await perform_effect(effect_id, self.ports, self.terms)
            done += 1
        return done

    def booking(self, booking_id: UUID) -> Booking:
        return self.database.bookings.rows[booking_id]

    def payments(self, booking: Booking) -> list[Payment]:
        rows = self.database.payments.rows.values()
        return [row for row in rows if row.booking_id == booking.id]

    def attempts(self, booking: Booking) -> list[PaymentAttempt]:
        rows = self.database.attempts.rows.values()
        found = (row for row in rows if row.booking_id == booking.id)
        return sorted(found, key=lambda row: row.number)

    def attempt_states(self, booking: Booking) -> list[tuple[int, AttemptState]]:
        return [(each.number, each.state) for each in self.attempts(booking)]

    def refunds(self, booking: Booking) -> list[Refund]:
        rows = self.database.refunds.rows.values()
        return [row for row in rows if row.booking_id == booking.id]

    def effects(self, kind: EffectKind) -> list[OwedEffect]:
        rows = self.database.effects.rows.values()
        return [row.effect for row in rows if row.effect.kind is kind]

    def owed_messages(self) -> list[MessageKind]:
        """Return the kinds of the messages ever owed, oldest first."""
        messages = self.effects(EffectKind.SEND_MESSAGE)
        return [MessageKind(effect.payload["message_kind"]) for effect in messages]

    def messages(self, kind: MessageKind) -> list[Message]:
        return [row for row in self.database.messages.rows.values() if row.kind is kind]

    def acts(self) -> list[StaffAct]:
        return [recorded.act for recorded in self.database.staff_acts.rows.values()]

    def crews_taken(self) -> Mapping[tuple[date, int], int]:
        """Return the half hours in which a crew is taken, and how many."""
        rows = self.database.crews.rows.items()
        return {half_hour: count.taken for half_hour, count in rows if count.taken}

    def stored(self) -> Mapping[str, Mapping[Any, Any]]:
        """Return everything stored, to be compared with a later look."""
        tables = vars(self.database).items()
        return {name: dict(table.rows) for name, table in tables if isinstance(table, Table)}


async def a_house(
    *,
    book: PriceBook = DEFAULT_BOOK,
    schedule: Schedule = HOUSE_RULES,
    holidays: Iterable[date] = (),
    at: datetime = NOW,
) -> MemoryHouse:
    """Return a house with its price book published."""
    house = MemoryHouse(schedule=schedule, holidays=holidays, at=at)
    await house.publish(book, based_on=0)
    return house
