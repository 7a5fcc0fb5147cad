"""The port to bookings."""

from collections.abc import Collection
from datetime import date, datetime
from heapq import nlargest
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.repositories import BookingNumberTakenError, CartTakenError
from totetaxi_core.customers.customer import Customer

HAS_CART = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS})


class MemoryBookingRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.bookings, transaction)
        self._joined: set[UUID] = set()

    async def add(self, booking: Booking) -> None:
        """Store a new booking.

        Raises:
            BookingNumberTakenError: its number is in use.
            CartTakenError: a pending booking has its cart key.
        """
        await self._transaction.lock("booking", booking.id)
        await self._transaction.lock("booking number", booking.booking_number)
        if self._rows.where("number", booking.booking_number):
            self._transaction.doom()
            raise BookingNumberTakenError(f"{booking.booking_number} is in use")
        if booking.status is BookingStatus.PENDING:
            await self._claim_cart(booking)
        self._rows.insert(booking.id, booking)

    async def save(self, booking: Booking) -> None:
        """Store the booking as it now stands.

        Raises:
            BookingNotFoundError: it was never added.
        """
        await self._transaction.lock("booking", booking.id)
        if self._rows.get(booking.id) is None:
            raise BookingNotFoundError(booking.id)
        self._rows.update(booking.id, booking)

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Booking:
        """Return the booking; `lock` keeps other writers out until commit.

        Raises:
            BookingNotFoundError: no booking has this id.
        """
        if lock and self._rows.get(booking_id) is not None:
            await self._transaction.lock("booking", booking_id)
        booking = self._rows.get(booking_id)
        if booking is None:
            raise BookingNotFoundError(booking_id)
        return booking

    async def get_by_number(self, booking_number: str) -> Booking:
        """Return the booking of this number, in any case.

        Raises:
            BookingNotFoundError: no booking has this number.
        """
        found = self._rows.where("number", booking_number.upper())
        if not found:
            raise BookingNotFoundError(booking_number)
        return found[0]

    async def with_cart(self, cart_key: str) -> Booking | None:
        """Return the newest booking of this cart that is pending, confirmed or under way.

        Others who ask for the same cart wait until commit.
        """
        await self._transaction.lock("cart", cart_key)
        found = [row for row in self._rows.where("cart", cart_key) if row.status in HAS_CART]
        return max(found, key=_age, default=None)

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        """Return pending bookings whose hold ended at or before an instant, earliest first."""
        ended = sorted(
            (row.hold_expires_at, row.id)
            for row in self._rows.where("status", BookingStatus.PENDING)
            if row.hold_expires_at is not None and row.hold_expires_at <= at
        )
        return tuple(booking_id for _, booking_id in ended[:limit])

    async def page(
        self, *, status: BookingStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Booking, ...]:
        """Return bookings newest first by (`created_at`, `id`), those older than `after`."""
        rows = self._rows.all() if status is None else self._rows.where("status", status)
        older = (row for row in rows if after is None or _age(row) < after)
        return tuple(nlargest(limit, older, key=_age))

    async def of_day(
        self, pickup_date: date, *, statuses: Collection[BookingStatus]
    ) -> tuple[Booking, ...]:
        found = (
            row
            for row in self._rows.all()
            if row.quote.request.pickup_date == pickup_date and row.status in statuses
        )
        return tuple(sorted(found, key=lambda row: (row.pickup_at, row.booking_number)))

    async def of_account(self, customer_id: UUID) -> tuple[UUID, ...]:
        """Return every booking in an account, in the order of their ids."""
        return tuple(sorted(row.id for row in self._rows.where("customer", customer_id)))

    async def join_account(self, customer: Customer, *, at: datetime, limit: int) -> int:
        await self._transaction.lock("contact email", customer.email_key)
        found = self._rows.where("contact", customer.email_key)
        ids = sorted(row.id for row in found if row.customer_id is None)[:limit]
        for booking_id in ids:
            booking = await self.get(booking_id, lock=True)
            self._rows.update(booking_id, booking.join_account(customer.id, at=at))
        self._joined.add(customer.id)
        return len(ids)

    def joined(self) -> set[UUID]:
        """Return the accounts that this transaction has put bookings into."""
        return self._joined

    def of_customer(self, customer_id: UUID) -> list[Booking]:
        """Return every booking of an account, oldest first."""
        return sorted(self._rows.where("customer", customer_id), key=_age)

    def owner_of(self, booking_id: UUID) -> UUID | None:
        """Return the account a booking is in, if it is there and in any."""
        booking = self._rows.get(booking_id)
        return None if booking is None else booking.customer_id

    def changed(self) -> list[Booking]:
        """Return what this transaction has stored."""
        return self._rows.changed()

    async def _claim_cart(self, booking: Booking) -> None:
        await self._transaction.lock("pending cart", booking.cart_key)
        carts = self._rows.where("cart", booking.cart_key)
        if any(row.status is BookingStatus.PENDING for row in carts):
            self._transaction.doom()
            raise CartTakenError("this cart is pending already")


def _age(booking: Booking) -> tuple[datetime, UUID]:
    return booking.created_at, booking.id
