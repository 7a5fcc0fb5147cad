"""The addresses customers keep."""

import json
from uuid import UUID

from sqlalchemy import Integer, RowMapping, Uuid, bindparam, insert, select, tuple_, update

from totetaxi_adapters.postgres.tables import saved_addresses
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.saved_address import SavedAddress, SavedAddressNotFoundError
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.page import Place

OF_CUSTOMER = saved_addresses.c.customer_id == bindparam("of_customer", type_=Uuid)
IS_ACTIVE = saved_addresses.c.is_active
PLACE = tuple_(saved_addresses.c.created_at, saved_addresses.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
OLDEST_FIRST = (saved_addresses.c.created_at, saved_addresses.c.id)
NEWEST_FIRST = tuple(column.desc() for column in OLDEST_FIRST)
LIMIT = bindparam("limit", type_=Integer)

ADD = insert(saved_addresses)
SAVE = update(saved_addresses).where(saved_addresses.c.id == bindparam("of_id", type_=Uuid))
GET = select(saved_addresses).where(
    OF_CUSTOMER, saved_addresses.c.id == bindparam("of_id", type_=Uuid), IS_ACTIVE
)
LOCK = GET.with_for_update()
ALL = select(saved_addresses).where(OF_CUSTOMER).order_by(*NEWEST_FIRST)
ACTIVE = ALL.where(IS_ACTIVE)
OLDER = ACTIVE.limit(LIMIT)
NEWER = select(saved_addresses).where(OF_CUSTOMER, IS_ACTIVE, PLACE > AT)
NEWER = NEWER.order_by(*OLDEST_FIRST).limit(LIMIT)


class PostgresSavedAddresses:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, saved: SavedAddress) -> None:
        await self._transaction.execute(ADD, _row(saved))

    async def save(self, saved: SavedAddress) -> None:
        await self._transaction.execute(SAVE, _row(saved) | {"of_id": saved.id})

    async def get(self, customer_id: UUID, address_id: UUID, *, lock: bool = False) -> SavedAddress:
        rows = await self._transaction.execute(
            LOCK if lock else GET, {"of_customer": customer_id, "of_id": address_id}
        )
        row = rows.mappings().one_or_none()
        if row is None:
            raise SavedAddressNotFoundError(address_id)
        return _saved(row)

    async def of_customer(
        self, customer_id: UUID, *, with_removed: bool = False
    ) -> tuple[SavedAddress, ...]:
        statement = ALL if with_removed else ACTIVE
        rows = await self._transaction.execute(statement, {"of_customer": customer_id})
        return tuple(_saved(row) for row in rows.mappings())

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[SavedAddress, ...]:
        given: dict[str, object] = {"of_customer": customer_id, "limit": limit}
        statement, place = OLDER if after is None else NEWER, after or before
        if place is not None:
            given |= {"place_at": place.created_at, "place_id": place.id}
        if before is not None:
            statement = statement.where(PLACE < AT)
        rows = await self._transaction.execute(statement, given)
        found = tuple(_saved(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _row(saved: SavedAddress) -> dict[str, object]:
    address, point = saved.address, saved.address.point
    return {
        "id": saved.id,
        "customer_id": saved.customer_id,
        "nickname": saved.nickname,
        "address_line_1": address.address_line_1,
        "address_line_2": address.address_line_2,
        "city": address.city,
        "state": address.state,
        "zip_code": address.zip_code,
        "delivery_instructions": address.delivery_instructions,
        "latitude": point and point.latitude,
        "longitude": point and point.longitude,
        "door": json.dumps(address.door),
        "times_used": saved.times_used,
        "last_used_at": saved.last_used_at,
        "is_default": saved.is_default,
        "is_active": saved.is_active,
        "created_at": saved.created_at,
        "updated_at": saved.updated_at,
    }


def _saved(row: RowMapping) -> SavedAddress:
    return SavedAddress(
        id=row["id"],
        customer_id=row["customer_id"],
        nickname=row["nickname"],
        address=_address(row),
        times_used=row["times_used"],
        last_used_at=row["last_used_at"],
        is_default=row["is_default"],
        is_active=row["is_active"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _address(row: RowMapping) -> Address:
    latitude, longitude = row["latitude"], row["longitude"]
    return Address(
        address_line_1=row["address_line_1"],
        address_line_2=row["address_line_2"],
        city=row["city"],
        state=row["state"],
        zip_code=row["zip_code"],
        delivery_instructions=row["delivery_instructions"],
        point=None if latitude is None else Point(latitude=latitude, longitude=longitude),
    )
