"""Which booking used which discount code."""

from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import discount_uses
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.price_book import DiscountCode

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

    async def erase(self, email_key: str, *, pseudonym: str) -> None:
        parameters = {"of_key": email_key.lower(), "pseudonym": pseudonym}
        await self._transaction.execute(ERASE, parameters)

    async def _count(self, code_id: UUID, email_key: str, pseudonym: str | None) -> tuple[int, int]:
        key = email_key.lower()
        parameters = {"code_id": code_id, "email_key": key, "pseudonym": pseudonym or key}
        counted = (await self._transaction.execute(COUNT, parameters)).one()
        return counted.every, counted.theirs
