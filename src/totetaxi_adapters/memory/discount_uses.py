"""The port to the uses of discount codes."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import CodeUse
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.discount_codes.code_use import CodeUse as KnownUse
from totetaxi_core.page import Place
from totetaxi_core.price_book import DiscountCode
from totetaxi_core.pricing import LineKind


class MemoryDiscountUses:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.code_uses, transaction)
        self._bookings = View(database.bookings, transaction)

    async def count(
        self, code_id: UUID, *, email_key: str | None = None, pseudonym: str | None = None
    ) -> int:
        """Return the uses that stand, of one e-mail address if given, or its pseudonym."""
        uses = self._rows.where("code", code_id)
        wanted = (email_key, pseudonym or email_key)
        return sum(1 for use in uses if email_key is None or use.email_key in wanted)

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

        Raises:
            DiscountUsedUpError: its last use is gone, in all or for this e-mail address.
        """
        await self._transaction.lock("discount code", code.id)
        in_all = await self.count(code.id)
        by_customer = await self.count(code.id, email_key=email_key, pseudonym=pseudonym)
        used_up = _is_reached(code.max_uses, in_all) or _is_reached(
            code.max_uses_per_customer, by_customer
        )
        if used_up and not beyond_limit:
            raise DiscountUsedUpError
        self._rows.put(booking_id, CodeUse(code_id=code.id, email_key=email_key))

    async def give_back(self, booking_id: UUID) -> None:
        """Free the booking's use, if it has one."""
        use = self._rows.get(booking_id)
        if use is not None:
            await self._transaction.lock("discount code", use.code_id)
            self._rows.remove(booking_id)

    async def counts(self) -> Mapping[UUID, int]:
        """Return the uses that stand of every code that has any."""
        return Counter(use.code_id for _, use in self._rows.items())

    async def page(
        self,
        code_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[KnownUse, ...]:
        """Return uses newest first: the newest, those older than `before`, or the next newer."""
        found = sorted(
            (
                _known(booking)
                for booking_id, use in self._rows.items()
                if use.code_id == code_id
                and (booking := self._bookings.get(booking_id)) is not None
            ),
            key=Place.of,
        )
        if after is not None:
            newer = [use for use in found if Place.of(use) > after]
            return tuple(newer[:limit][::-1])
        older = [use for use in found if before is None or Place.of(use) < before]
        return tuple(older[::-1][:limit])

    async def erase(self, email_key: str, *, pseudonym: str) -> None:
        """File the address's uses under its pseudonym from now on."""
        for booking_id, use in self._rows.items():
            if use.email_key == email_key:
                self._rows.update(booking_id, use._replace(email_key=pseudonym))


def _is_reached(limit: int | None, uses: int) -> bool:
    return limit is not None and uses >= limit


def _known(booking: Booking) -> KnownUse:
    return KnownUse(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        booking_status=booking.status,
        discount_cents=-booking.quote.totals_by_kind[LineKind.DISCOUNT],
        created_at=booking.created_at,
    )
