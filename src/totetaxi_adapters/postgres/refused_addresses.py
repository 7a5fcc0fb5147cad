"""Addresses that refuse what we send."""

from uuid import UUID

from sqlalchemy import Integer, RowMapping, Text, Uuid, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import refused_addresses
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.notifications.message import Channel
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.page import Place

OF_ADDRESS = refused_addresses.c.address == func.lower(bindparam("of_address", type_=Text))
FIND = select(refused_addresses).where(
    refused_addresses.c.channel == bindparam("of_channel", type_=Text), OF_ADDRESS
)
ADD = insert(refused_addresses).on_conflict_do_nothing()
REMOVE = delete(refused_addresses).where(OF_ADDRESS).returning(refused_addresses)
REMOVE_ONE = (
    delete(refused_addresses)
    .where(refused_addresses.c.id == bindparam("of_id", type_=Uuid))
    .returning(refused_addresses)
)
PLACE = tuple_(refused_addresses.c.refused_at, refused_addresses.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LISTED = select(refused_addresses).limit(bindparam("limit", type_=Integer))
NEWEST = LISTED.order_by(refused_addresses.c.refused_at.desc(), refused_addresses.c.id.desc())
OLDER = NEWEST.where(PLACE < AT)
NEWER = LISTED.order_by(refused_addresses.c.refused_at, refused_addresses.c.id).where(PLACE > AT)


class PostgresRefusedAddresses:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, channel: Channel, address: str) -> RefusedAddress | None:
        parameters = {"of_channel": channel, "of_address": address}
        row = (await self._transaction.execute(FIND, parameters)).mappings().one_or_none()
        return None if row is None else _refused(row)

    async def add(self, refused: RefusedAddress) -> None:
        row = {
            "id": refused.id,
            "channel": refused.channel,
            "address": refused.address.lower(),
            "reason": refused.reason,
            "booking_id": refused.booking_id,
            "refused_at": refused.refused_at,
        }
        await self._transaction.execute(ADD, row)

    async def remove(self, address: str) -> tuple[RefusedAddress, ...]:
        rows = await self._transaction.execute(REMOVE, {"of_address": address})
        return tuple(_refused(row) for row in rows.mappings())

    async def remove_one(self, refused_id: UUID) -> RefusedAddress | None:
        found = await self._transaction.execute(REMOVE_ONE, {"of_id": refused_id})
        row = found.mappings().one_or_none()
        return None if row is None else _refused(row)

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[RefusedAddress, ...]:
        given: dict[str, object] = {"limit": limit}
        place, statement = after or before, NEWEST
        if place is not None:
            given |= {"place_at": place.created_at, "place_id": place.id}
            statement = OLDER if after is None else NEWER
        rows = await self._transaction.execute(statement, given)
        found = tuple(_refused(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _refused(row: RowMapping) -> RefusedAddress:
    return RefusedAddress(**{**row, "channel": Channel(row["channel"])})
