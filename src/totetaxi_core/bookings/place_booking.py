"""Store a booking: priced, holding its crew, owing its payment. Nothing is charged here."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from totetaxi_core.bookings.booked_code import reserve_code
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cart_key import cart_key
from totetaxi_core.bookings.into_account import enter_account
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.order_check import price_order
from totetaxi_core.bookings.owed_by_booking import owe_confirmation, owed_message
from totetaxi_core.bookings.repositories import (
    BookingNumberTakenError,
    CartTakenError,
    IdempotencyInProgressError,
    IdempotencyKey,
    IdempotencyKeyReusedError,
    IdempotencyRecord,
)
from totetaxi_core.ledger.post_movement import post_charge
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.payer import payer_of
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import Quote
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

LEASE = timedelta(seconds=60)
MAX_TRIES = 5


class PriceChangedError(DomainError):
    """The total is not the one the customer expected; `quote` is the price as it now is."""

    code = "price_changed"
    field = "expected_total_cents"

    def __init__(self, quote: Quote) -> None:
        super().__init__("the price has changed since you saw it")
        self.quote = quote


class DuplicateBookingError(DomainError):
    """The same cart is booked and confirmed; `allow_duplicate` books it once more."""

    code = "duplicate_booking"

    def __init__(self, booking: Booking) -> None:
        super().__init__(
            f"this is booked already as {booking.booking_number}; "
            "send allow_duplicate to book it a second time"
        )
        self.booking_number = booking.booking_number


class _RaceLostError(Exception):
    """Another request of the same key or cart came first: look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBooking:
    """`is_repeat`: the same cart was pending already. `is_replay`: the same idempotency key.

    `is_lapsed`: that cart's hold is over. Nothing was stored; end it, then place the order again.
    """

    booking: Booking
    is_repeat: bool = False
    is_replay: bool = False
    is_lapsed: bool = False


async def place_booking(order: Order, ports: Ports, terms: Terms) -> PlacedBooking:
    """Store the order as a pending booking in one transaction, or as confirmed when it is free.

    Raises:
        InvalidInputError: names every bad field.
        QuoteMismatchError, QuoteExpiredError: of the quote token.
        PriceChangedError: another total was expected.
        AmountTooSmallError, AmountNeedsStaffError: of the charge limits.
        DuplicateBookingError: the same cart is confirmed.
        SlotUnavailableError: no crew is free.
        DiscountUsedUpError: the code's last use is gone.
        InvalidTokenError: the account it is for was deleted meanwhile.
        IdempotencyKeyReusedError, IdempotencyInProgressError: of the idempotency key.
    """
    for _ in range(MAX_TRIES):
        try:
            async with ports.unit_of_work() as uow:
                placed = await _Placing(order, ports, await terms_now(uow, terms), uow).place()
                if not placed.is_lapsed:  # a key must not be tied to a booking about to end
                    await uow.commit()
                return placed
        except (_RaceLostError, BookingNumberTakenError, CartTakenError):
            continue
    raise IdempotencyInProgressError("the same booking is being made right now")


class _Placing:
    """One try at one order, inside its transaction."""

    def __init__(self, order: Order, ports: Ports, terms: Terms, uow: UnitOfWork) -> None:
        self.order, self.ports, self.terms, self.uow = order, ports, terms, uow
        self.now = ports.clock()
        self.booking_id = ports.ids.new_id()

    async def place(self) -> PlacedBooking:
        replay = await self._replay()
        if replay is not None:
            return replay
        book, quoted_at = await self._price_book()
        quote = price_order(self.order, book, self.ports, self.terms, quoted_at=quoted_at)
        self._check_total(quote)
        # Before the cart: who joins an account holds its address and waits for bookings, and who
        # moves one holds it and waits for a cart.
        booking = await self._in_account(self._booking(quote))
        first = await self._first_of_cart(booking)
        if first is not None:
            lapsed = not first.is_payable(at=self.now)
            return PlacedBooking(booking=first, is_repeat=True, is_lapsed=lapsed)
        await self._store(booking, book)
        return PlacedBooking(booking=booking)

    async def _replay(self) -> PlacedBooking | None:
        """Claim the idempotency key, or answer with the booking it made."""
        key = self.order.idempotency_key
        if key is None:
            return None
        record = await self.uow.idempotency.find(key, now=self.now)
        if record is None:
            if not await self.uow.idempotency.add(self._record(key, self.booking_id)):
                raise _RaceLostError
            return None
        if record.key.body_hash != key.body_hash:
            raise IdempotencyKeyReusedError("this key was used for another request")
        if record.leased_until is not None and self.now < record.leased_until:
            raise IdempotencyInProgressError("its first request still runs: ask again in a minute")
        await self.uow.idempotency.save(replace(record, leased_until=self.now + LEASE))
        booking = await self.uow.bookings.get(record.booking_id)
        # A request that met another's booking was given no manage token, nor is its replay.
        was_repeat = record.created_at != booking.created_at
        return PlacedBooking(booking=booking, is_repeat=was_repeat, is_replay=True)

    def _record(self, key: IdempotencyKey, booking_id: UUID) -> IdempotencyRecord:
        return IdempotencyRecord(
            key=key,
            booking_id=booking_id,
            leased_until=self.now + LEASE,
            created_at=self.now,
        )

    async def _price_book(self) -> tuple[PriceBook, datetime]:
        """Return the book to price by, and the instant a code must have been valid."""
        if self.order.quote_token is None:
            return await self.uow.price_books.current(at=self.now), self.now
        token = self.terms.quote_tokens.read(
            self.order.quote_token, self.order.request, at=self.now
        )
        return await self.uow.price_books.get(token.price_book_version), token.quoted_at

    def _check_total(self, quote: Quote) -> None:
        if self.order.expected_total_cents not in (None, quote.total_cents):
            raise PriceChangedError(quote)
        override = self.order.override
        self.terms.limits.check(
            quote.total_cents, staff_reason=override.reason if override else None
        )

    def _booking(self, quote: Quote) -> Booking:
        order, request = self.order, self.order.request
        hold = self.terms.staff_hold if order.is_by_staff else self.terms.hold
        pickup_at = self.terms.pickup_at(request.pickup_date, request.pickup_time)
        key = cart_key(
            order.contact.email_key,
            quote,
            pickup=order.pickup_address,
            delivery=order.delivery_address,
        )
        booking = Booking(
            id=self.booking_id,
            booking_number=self.ports.ids.new_booking_number(),
            status=BookingStatus.PENDING,
            quote=quote,
            contact=order.contact,
            customer_id=order.customer_id,
            pickup_at=pickup_at,
            pickup_address=order.pickup_address,
            delivery_address=order.delivery_address,
            item_description=order.item_description,
            special_instructions=order.special_instructions,
            # A wished-for second booking must not be taken for the first.
            cart_key=f"{key}:{self.booking_id}" if order.allow_duplicate else key,
            placed_by=order.placed_by,
            hold_expires_at=min(self.now + hold, pickup_at),
            created_at=self.now,
            updated_at=self.now,
            crew_day_ends_at=self.terms.schedule.crew_day_ends_at,
        )
        return booking if quote.total_cents else booking.confirm(at=self.now)

    async def _in_account(self, booking: Booking) -> Booking:
        """Return a guest's booking in the account of its address, which they are not told."""
        if booking.customer_id is not None:
            return booking
        return replace(
            booking, customer_id=await self.uow.customers.owner_of(booking.contact.email)
        )

    async def _first_of_cart(self, booking: Booking) -> Booking | None:
        first = await self.uow.bookings.with_cart(booking.cart_key)
        if first is None:
            return None
        if first.status is not BookingStatus.PENDING:
            raise DuplicateBookingError(first)
        key = self.order.idempotency_key
        if key is not None:
            await self.uow.idempotency.save(self._record(key, first.id))
        return first

    async def _store(self, booking: Booking, book: PriceBook) -> None:
        await self.uow.bookings.add(booking)
        if booking.total_cents:
            await self._store_payment(booking)
        else:
            await post_charge(self.uow, booking, None, self.ports.ids, at=self.now)
        await reserve_code(booking, book, self.uow, self.terms, at=self.now)
        await self.uow.crews.take(
            booking.quote.request.pickup_date,
            occupied(booking),
            crews=self.terms.schedule.crews_on(booking.quote.request.pickup_date),
        )
        await enter_account(self.order, self.uow, self.ports.ids, at=self.now)
        await self._owe(booking)

    async def _store_payment(self, booking: Booking) -> None:
        payment = Payment(
            id=self.ports.ids.new_id(),
            booking_id=booking.id,
            purpose=PaymentPurpose.BOOKING,
            status=PaymentStatus.PENDING,
            amount_cents=booking.total_cents,
            customer_email=self.order.contact.email,
            created_at=self.now,
            updated_at=self.now,
        )
        await self.uow.payments.add(payment)
        if self.order.wants_intent:
            await self.uow.payments.add_attempt(
                PaymentAttempt(
                    id=self.ports.ids.new_id(),
                    payment_id=payment.id,
                    booking_id=booking.id,
                    number=1,
                    state=AttemptState.LIVE,
                    created_at=self.now,
                    stripe_customer_id=await payer_of(booking, self.uow),
                )
            )

    async def _owe(self, booking: Booking) -> None:
        outbox, ids = self.uow.outbox, self.ports.ids
        await announce(self.uow, EventType.BOOKING_CREATED, booking, at=self.now)
        if booking.status is BookingStatus.CONFIRMED:
            await announce(self.uow, EventType.BOOKING_CONFIRMED, booking, at=self.now)
            await owe_confirmation(outbox, ids, booking, zone=self.terms.zone, at=self.now)
        else:
            received = owed_message(ids, MessageKind.BOOKING_RECEIVED, booking, at=self.now)
            await outbox.owe(received)
        if self.order.is_by_staff:
            await self.uow.staff_acts.add(self._act(booking))

    def _act(self, booking: Booking) -> StaffAct:
        override = self.order.override
        reason = f"; rules overridden: {override.reason}" if override else ""
        return StaffAct(
            id=self.ports.ids.new_id(),
            staff_name=self.order.placed_by,
            action_type="booking_create",
            description=f"created {booking.booking_number}{reason}",
            booking_id=booking.id,
            created_at=self.now,
        )
