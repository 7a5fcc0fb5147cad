"""One simulated world: the business, its clock, its payment provider, and what people know."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from totetaxi_adapters.access_tokens import JwtAccessTokens
from totetaxi_adapters.disposable_domains import ListedDisposableDomains
from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.disputes import MemoryDisputeGateway
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.holidays import MemoryHolidayCalendar
from totetaxi_adapters.memory.payment_records import MemoryPaymentRecords
from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.memory.zip_points import MemoryZipPoints
from totetaxi_adapters.simulation.action import Process
from totetaxi_adapters.simulation.catalogue import account, price_book
from totetaxi_adapters.simulation.choice import choose
from totetaxi_adapters.simulation.courier_line import CourierLine
from totetaxi_adapters.simulation.faults import Faults
from totetaxi_adapters.simulation.history import random_of
from totetaxi_adapters.simulation.holders import Holders, PlainPasswords
from totetaxi_adapters.simulation.mailbox import SOME_LOST, Mailbox
from totetaxi_adapters.simulation.message_line import MessageLine
from totetaxi_adapters.simulation.promises.books import Books, Carriers
from totetaxi_adapters.simulation.stepping import SteppingUnitOfWork
from totetaxi_adapters.simulation.store import Store
from totetaxi_adapters.simulation.stripe_line import PageLine, StripeLine
from totetaxi_adapters.simulation.subscriber_line import URL, SubscriberLine
from totetaxi_adapters.simulation.swarm import Swarm
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.manage_token import ManageTokens
from totetaxi_core.bookings.reschedule import Reschedule, RescheduleState
from totetaxi_core.customers.account_token import AccountTokens
from totetaxi_core.customers.pseudonyms import Pseudonyms
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_gateway import CourierEvent, ProviderTask
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.payments.gateway import PaymentEvent, PaymentIntent
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.pricing.quote_token import QuoteTokens
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import NewSubscription, create_subscription
from totetaxi_core.webhooks.webhook_secrets import WebhookSecrets

ZONE: Final = ZoneInfo("America/New_York")
SECRET: Final = "a simulation's secret"  # noqa: S105  it guards nothing
CREDENTIALS: Final = Credentials(
    passwords=PlainPasswords(),
    access_tokens=JwtAccessTokens(SECRET),
    disposable_domains=ListedDisposableDomains(),
)

SENT_AGAIN: Final = "message_sent_again"

Likely = Callable[[Booking], bool]
Pause = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass for whoever awaits it."""


def any_task(_task: ProviderTask) -> bool:
    """Take any task."""
    return True


def always(_booking: Booking) -> bool:
    """Take any booking."""
    return True


@dataclass(frozen=True, slots=True)
class Noted:
    """A booking as it was last stored, and the number of the step that made it."""

    booking: Booking
    number: int


@dataclass(frozen=True, slots=True)
class Running:
    """What a step began and did not end yet."""

    number: int
    process: Process
    task: "asyncio.Task[None]"


class World:
    """What actions act on. Everything drawn in it comes from the seed."""

    def __init__(
        self, seed: int, swarm: Swarm, store: Store, *, pause: Pause = asyncio.sleep
    ) -> None:
        self.seed, self.swarm, self.store, self.pause = seed, swarm, store, pause
        self.clock = SettableClock(swarm.start)
        self.faults = Faults(swarm.faults)
        self.mailbox: Mailbox[PaymentEvent] = Mailbox(latest_s=swarm.latest_event_s)
        stripe_ids = IdSource(random_of(seed, "stripe"))
        self.stripe = StripeLine(ids=stripe_ids, clock=self.clock, faults=self.faults)
        self.pages = PageLine(self.stripe, ids=stripe_ids, clock=self.clock)
        self.disputes = MemoryDisputeGateway(self.stripe)
        courier_ids = IdSource(random_of(seed, "onfleet"))
        self.couriers = CourierLine(ids=courier_ids, clock=self.clock, faults=self.faults)
        self.courier_mailbox: Mailbox[CourierEvent] = Mailbox(
            latest_s=swarm.latest_event_s, copies=SOME_LOST
        )
        self.mail = MessageLine(self.faults)
        self.files, self.subscribers = MemoryFileStore(), SubscriberLine(self.faults)
        self.terms = Terms(
            zone=ZONE,
            limits=ChargeLimits(support_phone="+1 (631) 595-5100"),
            quote_tokens=QuoteTokens(SECRET),
            manage_tokens=ManageTokens(SECRET),
            account_tokens=AccountTokens(SECRET),
            pseudonyms=Pseudonyms(SECRET),
            webhook_secrets=WebhookSecrets(SECRET),
            public_url="https://totetaxi.example",
            staff_email="dispatch@totetaxi.example",
            schedule=Schedule(
                default_crews=swarm.crews, closed_weekdays=frozenset(), same_day_allowed=True
            ),
        )
        self.number = 0
        self.commits = 0
        self.running: list[Running] = []
        self.bookings: dict[UUID, Noted] = {}
        self.holders = Holders()
        self.moving: set[UUID] = set()
        self.requests: dict[UUID, int] = {}
        self.sent_again: Counter[str] = Counter()
        self.handed_out: dict[str, UUID] = {}
        self.opened_pages: dict[str, UUID] = {}
        self.strays: set[str] = set()
        self.broken_words: list[str] = []

    def ports(self, number: int) -> Ports:
        """Return the ports of one action; the ids it draws are those of its step."""
        mail = self.mail if self.swarm.sends_messages else None
        return Ports(
            unit_of_work=partial(self._unit_of_work, number),
            payments=self.stripe,
            payment_records=MemoryPaymentRecords(self.stripe),
            checkout=self.pages,
            cards=MemoryCardGateway(self.stripe),
            disputes=self.disputes,
            couriers=self.couriers,
            planner=MemoryRoutePlanner(),
            files=self.files,
            subscribers=self.subscribers,
            holidays=MemoryHolidayCalendar(),
            zip_points=MemoryZipPoints(),
            clock=self.clock,
            ids=IdSource(random_of(self.seed, f"ids {number}")),
            mail=mail,
            texts=mail,
        )

    async def open_business(self) -> None:
        """Publish the price book, and open the account of one who may book as a guest, too."""
        now = self.clock()
        customer = account(IdSource(random_of(self.seed, "account")).new_id(), at=now)
        async with self.store.unit_of_work() as uow:
            await uow.price_books.publish(
                price_book(), based_on=0, by="system", effective_at=now, at=now
            )
            await uow.customers.add(customer)
            await uow.commit()
        self.holders.note(customer, 0)
        if self.swarm.has_subscriber:
            everything = NewSubscription(url=URL, event_types=frozenset(EventType))
            await create_subscription(everything, self.ports(0), self.terms, staff_name="maria")

    def books(self, database: MemoryDatabase) -> Books:
        """Return what is on record, the business's side of it being in `database`."""
        carriers = Carriers(
            couriers=self.couriers,
            mail=self.mail,
            subscribers=self.subscribers,
            sent_again=self.sent_again,
        )
        return Books(
            database,
            self.stripe,
            self.pages,
            handed_out=self.handed_out,
            opened_pages=self.opened_pages,
            strays=self.strays,
            carriers=carriers,
            terms=self.terms,
            clock=self.clock,
        )

    def begin_step(self, number: int, *, pause_ms: int) -> None:
        self.number = number
        self.clock.advance(timedelta(milliseconds=pause_ms))

    def post_events(self) -> int:
        """Forget whoever is done, post what the providers tell, and return how much that is."""
        self.running[:] = [each for each in self.running if not each.task.done()]
        self.couriers.catch_up()
        at, chance = self.clock(), self.faults.chance
        events, drives = self.stripe.take_events(), self.couriers.take_events()
        self.mailbox.post(events, at=at, chance=chance)
        self.courier_mailbox.post(drives, at=at, chance=chance)
        return len(events) + len(drives)

    def hand_out(self, intent: PaymentIntent | None, booking_id: UUID) -> None:
        """Note that a payer has this intent's secret."""
        if intent is not None:
            self.handed_out[intent.id] = booking_id

    def a_booking(self, draw: int, likely: Likely = always) -> Booking | None:
        """Choose one of the newest bookings; but for every fifth draw, a likely one if any is."""
        newest = [*self.bookings.values()][-self.swarm.focus :]
        fit = [each for each in newest if likely(each.booking)]
        chosen = choose(draw, fit if fit and draw % 5 else newest, name=lambda each: each.number)
        return chosen.booking if chosen else None

    def awaits_payment(self, booking: Booking) -> bool:
        """Tell whether it waits for its price, or for the difference to another slot."""
        return booking.status is BookingStatus.PENDING or booking.id in self.moving

    def an_intent(
        self, draw: int, among: Callable[[PaymentIntent], bool], *, of_payers: bool = True
    ) -> PaymentIntent | None:
        """Choose an intent of the newest bookings; `of_payers`: whose secret a payer has."""
        newest = set(list(self.bookings)[-self.swarm.focus :])
        fit = [
            each
            for each in self.stripe.intents()
            if each.booking_id in newest
            and (not of_payers or each.id in self.handed_out)
            and among(each)
        ]
        return choose(draw, fit, name=self._name_of_intent)

    def a_task(
        self, draw: int, among: Callable[[ProviderTask], bool] = any_task
    ) -> ProviderTask | None:
        """Choose a task of the bookings that came to the courier last."""
        newest = self.couriers.board.bookings[-self.swarm.focus :]
        tasks = (task for each in newest for task in self.couriers.board.of_booking(each))
        return choose(draw, filter(among, tasks), name=self._name_of_task)

    def label(self, booking_id: UUID | None) -> str:
        """Return what a report calls the booking: the step that made it."""
        noted = self.bookings.get(booking_id) if booking_id else None
        return f"booking of step {noted.number}" if noted else "an unknown booking"

    def break_word(self, what: str) -> None:
        """Note that somebody did not get what they were told."""
        self.broken_words.append(what)

    def _name_of_intent(self, intent: PaymentIntent) -> int:
        noted = self.bookings.get(intent.booking_id) if intent.booking_id else None
        return noted.number if noted else 0

    def _name_of_task(self, task: ProviderTask) -> int:
        noted = self.bookings.get(task.booking_id) if task.booking_id else None
        return 2 * (noted.number if noted else 0) + (task.leg is Leg.DROPOFF)

    def _unit_of_work(self, number: int) -> UnitOfWork:
        stepping = SteppingUnitOfWork(
            self.store.unit_of_work(), faults=self.faults, note=partial(self._note, number)
        )
        return cast("UnitOfWork", stepping)

    def _note(self, number: int, stored: Sequence[object]) -> None:
        """Note a commit of that step's, and what people will know of it."""
        self.commits += 1
        for entity in stored:
            self.holders.note(entity, number)
            if isinstance(entity, Booking):
                known = self.bookings.get(entity.id)
                self.bookings[entity.id] = Noted(entity, known.number if known else number)
            if isinstance(entity, Refund):
                self.requests.pop(entity.id, None)
                if entity.status is RefundStatus.REQUESTED:
                    self.requests[entity.id] = number
            if isinstance(entity, StaffAct) and entity.action_type == SENT_AGAIN:
                self.sent_again[entity.subject or ""] += 1
            if isinstance(entity, Reschedule):
                self.moving.discard(entity.booking_id)
                if entity.state is RescheduleState.PENDING:
                    self.moving.add(entity.booking_id)
