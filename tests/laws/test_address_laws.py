"""Whatever a customer does with their addresses, the list keeps its promises."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_address
from tests.core.customers.customer_house import CustomerHouse
from totetaxi_core.customers.keep_addresses import (
    add_address,
    change_address,
    keep_booked_address,
    remove_address,
)
from totetaxi_core.customers.saved_address import (
    AddressEntry,
    AddressSavedAlreadyError,
    SavedAddress,
)

DOORS = [replace(an_address(), address_line_1=f"{number} Broadway") for number in range(4)]


class Kind(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    BOOK = "book"


@dataclass(frozen=True)
class Act:
    """Something done with a door, or with one of the addresses ever saved."""

    kind: Kind
    door: int
    target: int
    is_default: bool


ACTS = st.lists(
    st.builds(
        Act,
        kind=st.sampled_from(Kind),
        door=st.integers(min_value=0, max_value=len(DOORS) - 1),
        target=st.integers(min_value=0, max_value=5),
        is_default=st.booleans(),
    ),
    max_size=12,
)


async def after(acts: Sequence[Act]) -> list[list[SavedAddress]]:
    """Return every row as it stood after each act."""
    house, seen = CustomerHouse(), []
    customer = await house.take_in()
    rows = house.database.saved_addresses.rows
    for act in acts:
        with suppress(AddressSavedAlreadyError):
            await do(act, house, customer.id, [row for row in rows.values() if row.is_active])
        seen.append(list(rows.values()))
    return seen


async def do(act: Act, house: CustomerHouse, customer_id: UUID, known: list[SavedAddress]) -> None:
    entry = AddressEntry(nickname="N", address=DOORS[act.door], is_default=act.is_default)
    target = known[act.target % len(known)].id if known else None
    if act.kind is Kind.ADD:
        await add_address(customer_id, entry, house.ports)
    elif act.kind is Kind.BOOK:
        async with house.ports.unit_of_work() as uow:
            address, at = DOORS[act.door], house.clock()
            await keep_booked_address(customer_id, address, uow, house.ids, at=at)
            await uow.commit()
    elif target is not None and act.kind is Kind.CHANGE:
        await change_address(customer_id, target, lambda _: entry, house.ports)
    elif target is not None:
        await remove_address(customer_id, target, house.ports)


@given(acts=ACTS)
def test_given_any_acts_when_done_then_at_most_one_is_the_default_and_it_is_active(
    acts: list[Act],
) -> None:
    for rows in asyncio.run(after(acts)):
        defaults = [row for row in rows if row.is_default]

        assert len(defaults) <= 1
        assert all(row.is_active for row in defaults)


@given(acts=ACTS)
def test_given_any_acts_when_done_then_no_door_is_kept_twice(acts: list[Act]) -> None:
    for rows in asyncio.run(after(acts)):
        doors = [row.address.door for row in rows if row.is_active]

        assert len(doors) == len(set(doors))


@given(acts=ACTS)
def test_given_any_acts_when_one_wants_the_default_then_it_is_the_default(
    acts: list[Act],
) -> None:
    wish = Act(Kind.ADD, door=0, target=0, is_default=True)

    rows = asyncio.run(after([*acts, wish]))[-1]

    assert [row.address for row in rows if row.is_default] == [DOORS[0]]
