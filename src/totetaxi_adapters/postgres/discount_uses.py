"""Which booking used which discount code."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Row,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import bookings, discount_uses, quote_lines
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.discount_codes.code_use import CodeUse
from totetaxi_core.page import Place
from totetaxi_core.price_book import DiscountCode
from totetaxi_core.pricing import LineKind

COUNT = select(
    func.count().label("every"),
    func.count()
    .filter(
        discount_uses.c.email_key.in_(
            [bindparam("email_key", type_=Text), bindparam("pseudonym", type_=Text)]
        )
    )
    .label("theirs"),
).where(discount_uses.c.code_id == bindparam("code_id", type_=Uuid))
RESERVING = insert(discount_uses)
RESERVE = RESERVING.on_conflict_do_update(
    index_elements=[discount_uses.c.booking_id],
    set_={
        "code_id": RESERVING.excluded.code_id,
        "email_key": RESERVING.excluded.email_key,
    },
)
GIVE_BACK = delete(discount_uses).where(
    discount_uses.c.booking_id == bindparam("of_booking", type_=Uuid)
)
ERASE = (
    update(discount_uses)
    .where(discount_uses.c.email_key == bindparam("of_key", type_=Text))
    .values(email_key=bindparam("pseudonym", type_=Text))
)
COUNTS = select(discount_uses.c.code_id, func.count().label("uses")).group_by(
    discount_uses.c.code_id
)
TAKEN_OFF = (
    select(-func.coalesce(func.sum(quote_lines.c.amount_cents), 0))
    .where(
        quote_lines.c.booking_id == bookings.c.id,
        quote_lines.c.kind == LineKind.DISCOUNT.value,
    )
    .scalar_subquery()
)
OF_CODE = (
    select(
        bookings.c.id,
        bookings.c.booking_number,
        bookings.c.status,
        bookings.c.created_at,
        TAKEN_OFF.label("discount_cents"),
    )
    .join(discount_uses, discount_uses.c.booking_id == bookings.c.id)
    .where(discount_uses.c.code_id == bindparam("code_id", type_=Uuid))
    .limit(bindparam("limit", type_=Integer))
)
PLACE = tuple_(bookings.c.created_at, bookings.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
NEWEST_FIRST = OF_CODE.order_by(bookings.c.created_at.desc(), bookings.c.id.desc())
OLDEST_FIRST = OF_CODE.order_by(bookings.c.created_at, bookings.c.id)


class PostgresDiscountUses:
    """Uses counted by a code's id, across versions of the price book."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def count(
        self, code_id: UUID, *, email_key: str | None = None, pseudonym: str | None = None
    ) -> int:
        every, theirs = await self._count(code_id, email_key or "", pseudonym)
        return every if email_key is None else theirs

    async def reserve(
        self,
        code: DiscountCode,
        *,
        booking_id: UUID,
        email_key: str,
        pseudonym: str | None = None,
        beyond_limit: bool = False,
    ) -> None:
        # A code has no row of its own to lock: it lives in the price books, and its uses span them.
        await self._transaction.lock(f"discount_code:{code.id}")
        # A statement of its own: one that waited for the lock would count as of before the wait.
        every, theirs = await self._count(code.id, email_key, pseudonym)
        used_up = code.max_uses is not None and every >= code.max_uses
        most = code.max_uses_per_customer
        if (used_up or (most is not None and theirs >= most)) and not beyond_limit:
            raise DiscountUsedUpError
        use = {"booking_id": booking_id, "code_id": code.id, "email_key": email_key.lower()}
        await self._transaction.execute(RESERVE, use)

    async def give_back(self, booking_id: UUID) -> None:
        await self._transaction.execute(GIVE_BACK, {"of_booking": booking_id})

    async def counts(self) -> Mapping[UUID, int]:
        rows = await self._transaction.execute(COUNTS)
        return {row.code_id: row.uses for row in rows}

    async def page(
        self,
        code_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CodeUse, ...]:
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        given: dict[str, object] = {"code_id": code_id, "limit": limit}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        found = tuple(map(_use, await self._transaction.execute(statement, given)))
        return found if after is None else found[::-1]

    async def erase(self, email_key: str, *, pseudonym: str) -> None:
        parameters = {"of_key": email_key.lower(), "pseudonym": pseudonym}
        await self._transaction.execute(ERASE, parameters)

    async def _count(self, code_id: UUID, email_key: str, pseudonym: str | None) -> tuple[int, int]:
        key = email_key.lower()
        parameters = {"code_id": code_id, "email_key": key, "pseudonym": pseudonym or key}
        counted = (await self._transaction.execute(COUNT, parameters)).one()
        return counted.every, counted.theirs


def _use(row: Row[Any]) -> CodeUse:
    return CodeUse(
        booking_id=row.id,
        booking_number=row.booking_number,
        booking_status=BookingStatus(row.status),
        discount_cents=int(row.discount_cents),
        created_at=row.created_at,
    )
