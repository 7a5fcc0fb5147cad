"""Ports to bookings, discount uses and idempotency records, in their unit of work's transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.customer import Customer
from totetaxi_core.discount_codes.code_use import CodeUse
from totetaxi_core.page import Place
from totetaxi_core.price_book import DiscountCode
from totetaxi_core.refusal import DomainError


class BookingNumberTakenError(DomainError):
    """Another booking drew the same number: draw again."""

    code = "booking_number_taken"


class CartTakenError(DomainError):
    """The same cart is pending already: answer with that booking."""

    code = "cart_taken"


class BookingRepository(Protocol):
    """Every booking ever made, less those soft-deleted."""

    async def add(self, booking: Booking) -> None:
        """Store a new booking.

        Raises:
            BookingNumberTakenError: its number is in use.
            CartTakenError: a pending booking has its cart key.
        """
        ...

    async def save(self, booking: Booking) -> None:
        """Store the booking as it now stands."""
        ...

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Booking:
        """Return the booking; `lock` keeps other writers out until commit.

        Raises:
            BookingNotFoundError: no booking has this id.
        """
        ...

    async def get_by_number(self, booking_number: str) -> Booking:
        """Return the booking of this number, in any case.

        Raises:
            BookingNotFoundError: no booking has this number.
        """
        ...

    async def with_cart(self, cart_key: str) -> Booking | None:
        """Return the booking of this cart that is pending, confirmed or under way, if any.

        Others who ask for the same cart wait until commit: two orders at once are one booking.
        """
        ...

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        """Return pending bookings whose hold ended at or before an instant, earliest first."""
        ...

    async def page(
        self, *, status: BookingStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Booking, ...]:
        """Return bookings newest first by (`created_at`, `id`), those older than `after`."""
        ...

    async def of_day(
        self, pickup_date: date, *, statuses: Collection[BookingStatus]
    ) -> tuple[Booking, ...]:
        """Return all bookings picked up on a date, by (`pickup_at`, `booking_number`)."""
        ...

    async def of_account(self, customer_id: UUID) -> tuple[UUID, ...]:
        """Return every booking in an account, in the order of their ids."""
        ...

    async def join_account(self, customer: Customer, *, at: datetime, limit: int) -> int:
        """Put at most `limit` guest bookings of a customer's address into their account.

        Return how many; whoever books with this address as a guest waits until commit.
        """
        ...


class DiscountUses(Protocol):
    """Which booking used which code, counted across versions of the price book."""

    async def count(
        self, code_id: UUID, *, email_key: str | None = None, pseudonym: str | None = None
    ) -> int:
        """Return the uses that stand, of one e-mail address if given.

        Those of an account of that address which was deleted since are found by its `pseudonym`.
        """
        ...

    async def reserve(
        self,
        code: DiscountCode,
        *,
        booking_id: UUID,
        email_key: str,
        pseudonym: str | None = None,
        beyond_limit: bool = False,
    ) -> None:
        """Take one use under lock; `beyond_limit` for a settled booking that had lost its own.

        Uses found by the `pseudonym` count as the address's own.

        Raises:
            DiscountUsedUpError: its last use is gone, in all or for this e-mail address.
        """
        ...

    async def give_back(self, booking_id: UUID) -> None:
        """Free the booking's use, if it has one."""
        ...

    async def counts(self) -> Mapping[UUID, int]:
        """Return the uses that stand of every code that has any."""
        ...

    async def page(
        self,
        code_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CodeUse, ...]:
        """Return uses newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...

    async def erase(self, email_key: str, *, pseudonym: str) -> None:
        """File the address's uses under its pseudonym from now on."""
        ...


class DiscountUsedUpError(DomainError):
    """The code's last use was lost to another booking: a conflict, where `lost_race` is read."""

    code = "discount_unavailable"
    field = "discount_code"
    lost_race = True

    def __init__(self) -> None:
        super().__init__("this code cannot be used for this booking")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A client's own key for one request. `scope` is route and caller; `body_hash` the body's."""

    scope: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """Kept 24 h. While `leased_until` is ahead the first request is still running."""

    key: IdempotencyKey
    booking_id: UUID
    leased_until: datetime | None
    created_at: datetime


class IdempotencyKeyReusedError(DomainError):
    """The key was used for another body."""

    code = "idempotency_key_reused"
    field = "Idempotency-Key"


class IdempotencyInProgressError(DomainError):
    """The first request of this key is still running: ask again shortly."""

    code = "idempotency_in_progress"
    field = "Idempotency-Key"


class IdempotencyRecords(Protocol):
    """Never the answer, only whose it is: a replay rebuilds it."""

    async def find(self, key: IdempotencyKey, *, now: datetime) -> IdempotencyRecord | None:
        """Return the record of this scope and key, locked, unless it is older than 24 h."""
        ...

    async def add(self, record: IdempotencyRecord) -> bool:
        """Store a new record; False when one of the same scope and key was faster."""
        ...

    async def save(self, record: IdempotencyRecord) -> None: ...
