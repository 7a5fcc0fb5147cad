"""Checks the promises after each step, looking only at what the step has touched."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import Table
from totetaxi_adapters.simulation.promises import (
    accounts,
    at_rest,
    charges,
    drives,
    ledger,
    messages,
    moves,
    owed,
    places,
    prices,
    record,
    refunds,
    steps,
    totals,
)
from totetaxi_adapters.simulation.promises.books import BookingBooks, Books
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTask
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.webhooks.delivery import DeliveryState

OfBooking = Callable[[BookingBooks], Iterator[str]]
Fault = tuple[str, str]

NO_CHARGE_WITHOUT_BOOKING: Final = "no charge without a booking"
NO_DOUBLE_CHARGE: Final = "no double charge, no lost refund"
NO_OVERSELL: Final = "no oversell"
ONE_PRICE: Final = "one price"
NOTHING_FORGOTTEN: Final = "nothing owed is forgotten"
MONEY_IS_BOOKED: Final = "the ledger agrees with the payments"
TOTALS_ARE_TRUE: Final = "an account's totals are the ledger's"
ACCOUNTS_IN_ORDER: Final = "an account's cards are in order, and who leaves it is forgotten"
DRIVEN_ONCE: Final = "each leg is driven once, and only for a booking that stands"
DRIVES_ARE_TRUE: Final = "a booking stands as its drives do, and those as the courier says"
SENT_ONCE: Final = "a message goes once, and none is lost"
ACTS_ON_RECORD: Final = "every staff act is on record"

ALWAYS: Final[tuple[tuple[str, OfBooking], ...]] = (
    (NO_CHARGE_WITHOUT_BOOKING, charges.nobody_pays_what_is_over),
    (NO_CHARGE_WITHOUT_BOOKING, charges.payments_are_true),
    (NO_DOUBLE_CHARGE, charges.one_live_attempt),
    (NO_DOUBLE_CHARGE, charges.paid_once),
    (NO_DOUBLE_CHARGE, charges.second_payments_go_back),
    (NO_DOUBLE_CHARGE, refunds.never_above_the_charge),
    (NO_DOUBLE_CHARGE, refunds.sent_once),
    (NO_DOUBLE_CHARGE, refunds.refunds_are_true),
    (NO_DOUBLE_CHARGE, refunds.cancelled_keeps_no_more_than_its_terms),
    (NO_DOUBLE_CHARGE, refunds.cash_is_handed_back),
    (NO_OVERSELL, places.code_uses_of_bookings_that_stand),
    (ONE_PRICE, prices.one_price),
    (ONE_PRICE, moves.one_way_at_most),
    (ONE_PRICE, moves.paid_for_once),
    (MONEY_IS_BOOKED, ledger.entries_balance),
    (MONEY_IS_BOOKED, ledger.what_moved_is_posted),
    (MONEY_IS_BOOKED, ledger.what_stands_is_earned),
    (NOTHING_FORGOTTEN, refunds.approved_is_owed),
    (NOTHING_FORGOTTEN, owed.changes_owe_their_letters),
    (NOTHING_FORGOTTEN, owed.failures_are_told),
    (ACTS_ON_RECORD, record.staff_acts_are_on_record),
    (DRIVEN_ONCE, drives.one_task_a_leg),
    (DRIVES_ARE_TRUE, drives.what_we_say_was_so),
    (DRIVES_ARE_TRUE, drives.booking_follows),
    (DRIVES_ARE_TRUE, drives.somebody_moved_it),
    (NOTHING_FORGOTTEN, drives.the_end_is_told),
)
IN_THE_END: Final[tuple[tuple[str, OfBooking], ...]] = (
    (NO_CHARGE_WITHOUT_BOOKING, at_rest.every_charge_is_on_record),
    (NO_DOUBLE_CHARGE, at_rest.both_sides_agree_on_refunds),
    (NO_DOUBLE_CHARGE, at_rest.both_sides_agree_on_disputes),
    (NO_DOUBLE_CHARGE, at_rest.what_is_kept_is_what_we_say),
    (DRIVEN_ONCE, drives.cancelled_is_not_driven),
    (DRIVES_ARE_TRUE, drives.both_sides_agree),
    (NOTHING_FORGOTTEN, drives.every_leg_is_ordered),
    (NOTHING_FORGOTTEN, drives.proof_is_kept),
)


OF_A_BOOKING: Final = (
    "payments",
    "attempts",
    "refunds",
    "disputes",
    "reschedules",
    "ledger_entries",
)


class Watch:
    """Finds what was touched by comparing rows with those seen last: they are only replaced."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._seen: dict[str, dict[Any, Any]] = {}
        self._priced: dict[UUID, Booking] = {}
        self._driven: dict[UUID, CourierTask] = {}

    def after_step(self) -> Iterator[Fault]:
        """Yield each promise that does not hold, with what was seen."""
        database = self._books.database
        touched: dict[UUID, None] = {}
        for booking in self._new("bookings", database.bookings.rows):
            touched[booking.id] = None
            known = self._priced.get(booking.id, booking)
            yield from ((DRIVES_ARE_TRUE, what) for what in steps.no_way_back(known, booking))
            self._priced[booking.id] = booking
            if known.quote != booking.quote and not _has_moved_since(known, booking, database):
                yield ONE_PRICE, f"{booking.booking_number}: its price is not what it was"
        for name in OF_A_BOOKING:
            table: Table[UUID, Any] = getattr(database, name)
            for row in self._new(name, table.rows):
                touched[row.booking_id] = None
        yield from self._of_tasks(touched)
        self._add_provider_side(touched)
        for booking_id in touched:
            yield from self._of_booking(ALWAYS, self._books.of_booking(booking_id))
        yield from self._of_accounts(self._accounts_of(touched))
        if touched or list(self._new("crews", database.crews.rows)):
            yield from self._of_places()
        mail, again = self._books.carriers.mail, self._books.carriers.sent_again
        for what in messages.sent_once(mail.take_news(), mail.sent, again):
            yield SENT_ONCE, what

    def at_rest(self) -> Iterator[Fault]:
        """Yield each promise that does not hold once all have finished."""
        database, carriers = self._books.database, self._books.carriers
        sent = carriers.mail.sent
        self._books.is_at_rest = True
        yield from ((NOTHING_FORGOTTEN, what) for what in at_rest.nothing_is_due(database))
        yield from ((SENT_ONCE, what) for what in messages.none_is_lost(database, sent))
        for what in messages.sent_once(sent, sent, carriers.sent_again):
            yield SENT_ONCE, what
        for what in messages.subscribers_hear(database, carriers.subscribers.heard):
            yield NOTHING_FORGOTTEN, what
        yield from ((ACTS_ON_RECORD, what) for what in record.the_chain_holds(database))
        for booking_id in database.bookings.rows:
            books = self._books.of_booking(booking_id)
            yield from self._of_booking(ALWAYS, books)
            yield from self._of_booking(IN_THE_END, books)
        yield from self._of_accounts(database.customers.rows)
        for what in accounts.both_sides_agree_on_cards(database, self._books.stripe.account.wallet):
            yield ACCOUNTS_IN_ORDER, what
        yield from self._of_places()

    def is_waiting(self) -> bool:
        """Tell whether the worker has yet to look at a drive, or to tell a client system."""
        database = self._books.database
        driven = dict.fromkeys(task.booking_id for task in database.courier_tasks.rows.values())
        if any(drives.is_to_be_looked_at(self._books.of_booking(each)) for each in driven):
            return True
        active = {
            each.id for each in database.webhook_subscriptions.rows.values() if each.is_active
        }
        return any(
            each.state is DeliveryState.DUE and each.subscription_id in active
            for each in database.webhook_deliveries.rows.values()
        )

    def is_adrift(self) -> bool:
        """Tell whether our drives are such as reconciling alone can mend.

        A create acted after another was tried; or one that got no answer is not asked for again,
        as staff have completed its booking by hand; or a driver has given back what was called off.
        """
        database = self._books.database
        return bool(self._books.couriers.excused) or any(
            self._is_left_over(task) for task in database.courier_tasks.rows.values()
        )

    def _is_left_over(self, task: CourierTask) -> bool:
        status = self._books.database.bookings.rows[task.booking_id].status
        if status is BookingStatus.CANCELLED:
            return task.status in UNTOUCHED and task.has_begun
        return status is BookingStatus.COMPLETED and task.is_waiting and task.asked_at is not None

    def _of_tasks(self, touched: dict[UUID, None]) -> Iterator[Fault]:
        """Compare each task with what it was, and add its booking to those touched."""
        for task in self._new("courier_tasks", self._books.database.courier_tasks.rows):
            touched[task.booking_id] = None
            known = self._driven.get(task.id, task)
            self._driven[task.id] = task
            yield from ((DRIVES_ARE_TRUE, what) for what in steps.no_older_news(known, task))

    def _of_booking(
        self, promises: tuple[tuple[str, OfBooking], ...], books: BookingBooks
    ) -> Iterator[Fault]:
        for promise, check in promises:
            for what in check(books):
                yield promise, f"{books.booking.booking_number}: {what}"

    def _accounts_of(self, booking_ids: Iterable[UUID]) -> Iterator[UUID]:
        """Yield the accounts that were touched, and those whose bookings or cards were."""
        database = self._books.database
        owners = [database.bookings.rows[each].customer_id for each in booking_ids]
        owners += [row.id for row in self._new("customers", database.customers.rows)]
        cards = self._new("payment_methods", database.payment_methods.rows)
        owners += [row.customer_id for row in cards]
        yield from dict.fromkeys(owner for owner in owners if owner is not None)

    def _of_accounts(self, customer_ids: Iterable[UUID]) -> Iterator[Fault]:
        database = self._books.database
        for customer_id in customer_ids:
            for what in totals.totals_are_the_ledgers(database, customer_id):
                yield TOTALS_ARE_TRUE, what
            for what in accounts.one_default_card(database, customer_id):
                yield ACCOUNTS_IN_ORDER, what
            for what in accounts.nobody_is_left(database, customer_id):
                yield ACCOUNTS_IN_ORDER, what

    def _of_places(self) -> Iterator[Fault]:
        database = self._books.database
        for what in places.crews_of_active_bookings(database):
            yield NO_OVERSELL, what
        for what in places.codes_within_their_limits(database):
            yield NO_OVERSELL, what

    def _add_provider_side(self, touched: dict[UUID, None]) -> None:
        stripe = self._books.stripe
        for task in self._new("tasks there", self._books.couriers.tasks):
            if task.booking_id in self._books.database.bookings.rows:
                touched[task.booking_id] = None
        of_intent = {each.id: each.booking_id for each in stripe.intents()}
        changed = [
            *self._new("intents", {each.id: each for each in stripe.intents()}),
            *self._new("provider refunds", {each.id: each for each in stripe.refunds()}),
            *self._new("disputes there", {each.id: each for each in stripe.account.disputes()}),
        ]
        for each in changed:
            intent_id = getattr(each, "intent_id", None) or each.id
            booking_id = of_intent.get(intent_id)
            if booking_id in self._books.database.bookings.rows:
                touched[booking_id] = None

    def _new(self, name: str, rows: Mapping[Any, Any]) -> Iterator[Any]:
        """Yield the rows that are not those seen last time."""
        seen = self._seen.setdefault(name, {})
        for key, row in rows.items():
            if seen.get(key) is not row:
                seen[key] = row
                yield row


def _has_moved_since(known: Booking, booking: Booking, database: MemoryDatabase) -> bool:
    """Tell whether it was rescheduled: nothing else may change a price."""
    cause = f"send_message:{booking.id}"
    return any(
        database.effects.keys_where("cause", f"{cause}:{version}:{MessageKind.BOOKING_RESCHEDULED}")
        for version in range(known.version + 1, booking.version + 1)
    )
