from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, a_customer, a_delivery_address, an_address, an_id
from tests.core.customers.customer_house import CustomerHouse, a_customer_house
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.keep_addresses import (
    add_address,
    change_address,
    keep_booked_address,
    list_addresses,
    look_up_address,
    remove_address,
    use_saved_address,
)
from totetaxi_core.customers.saved_address import (
    MOST,
    AddressEntry,
    AddressSavedAlreadyError,
    SavedAddress,
    SavedAddressNotFoundError,
    TooManySavedAddressesError,
)
from totetaxi_core.geography.address import Address

LATER = NOW + timedelta(hours=1)
HOME = AddressEntry(nickname="Home", address=an_address())
BEACH = AddressEntry(nickname="Beach", address=a_delivery_address())


def door(number: int) -> Address:
    return replace(an_address(), address_line_1=f"{number} Madison Avenue")


class Keeping:
    """A house, and a customer who keeps addresses there."""

    def __init__(self, house: CustomerHouse, customer: Customer) -> None:
        self.house, self.customer = house, customer

    async def add(self, entry: AddressEntry) -> SavedAddress:
        return (await add_address(self.customer.id, entry, self.house.ports)).saved

    async def listed(self) -> list[SavedAddress]:
        page = await list_addresses(self.customer.id, self.house.ports, limit=100)
        return list(page.entries)

    async def defaults(self) -> list[str]:
        return [each.nickname for each in await self.listed() if each.is_default]

    async def use(self, address_id: UUID) -> Address:
        async with self.house.ports.unit_of_work() as uow:
            used = await use_saved_address(self.customer.id, address_id, uow, at=LATER)
            await uow.commit()
        return used

    async def keep_booked(self, address: Address) -> SavedAddress | None:
        async with self.house.ports.unit_of_work() as uow:
            kept = await keep_booked_address(
                self.customer.id, address, uow, self.house.ids, at=LATER
            )
            await uow.commit()
        return kept


@pytest.fixture
async def keeping() -> Keeping:
    house = await a_customer_house()
    return Keeping(house, await house.take_in())


async def test_given_an_address_when_saved_then_it_is_kept_unused_and_no_default(
    keeping: Keeping,
) -> None:
    kept = await add_address(keeping.customer.id, HOME, keeping.house.ports)

    assert kept.is_new
    assert (kept.saved.nickname, kept.saved.address) == ("Home", an_address())
    assert (kept.saved.times_used, kept.saved.last_used_at) == (0, None)
    assert not kept.saved.is_default
    assert await keeping.listed() == [kept.saved]


async def test_given_a_saved_door_when_saved_again_then_it_is_one_address_newly_described(
    keeping: Keeping,
) -> None:
    first = await keeping.add(HOME)
    again = replace(
        HOME,
        nickname="Parents",
        address=replace(an_address(), address_line_1="740 PARK AVENUE.", zip_code="10021-1234"),
    )

    kept = await add_address(keeping.customer.id, again, keeping.house.ports)

    assert not kept.is_new
    assert kept.saved.id == first.id
    assert kept.saved.address.zip_code == "10021-1234"
    assert [each.nickname for each in await keeping.listed()] == ["Parents"]


async def test_given_a_default_when_another_becomes_it_then_it_alone_is(keeping: Keeping) -> None:
    await keeping.add(replace(HOME, is_default=True))
    beach = await keeping.add(replace(BEACH, is_default=True))
    assert await keeping.defaults() == ["Beach"]

    home = next(each for each in await keeping.listed() if each.id != beach.id)
    await change_address(
        keeping.customer.id,
        home.id,
        lambda entry: replace(entry, is_default=True),
        keeping.house.ports,
    )

    assert await keeping.defaults() == ["Home"]


async def test_given_a_default_when_removed_then_it_is_gone_and_none_takes_its_place(
    keeping: Keeping,
) -> None:
    home = await keeping.add(replace(HOME, is_default=True))
    beach = await keeping.add(BEACH)
    await keeping.use(home.id)

    await remove_address(keeping.customer.id, home.id, keeping.house.ports)

    assert await keeping.listed() == [beach]
    with pytest.raises(SavedAddressNotFoundError):
        await look_up_address(keeping.customer.id, home.id, keeping.house.ports)
    row = keeping.house.database.saved_addresses.rows[home.id]
    assert (row.is_active, row.is_default, row.times_used) == (False, False, 1)


async def test_given_a_removed_door_when_saved_again_then_it_is_a_new_address(
    keeping: Keeping,
) -> None:
    home = await keeping.add(HOME)
    await remove_address(keeping.customer.id, home.id, keeping.house.ports)

    again = await keeping.add(HOME)

    assert again.id != home.id
    assert await keeping.listed() == [again]


async def test_given_two_addresses_when_one_becomes_the_others_door_then_it_is_refused(
    keeping: Keeping,
) -> None:
    home, beach = await keeping.add(HOME), await keeping.add(BEACH)

    with pytest.raises(AddressSavedAlreadyError) as refused:
        await change_address(keeping.customer.id, beach.id, lambda _: HOME, keeping.house.ports)

    assert refused.value.other_id == home.id
    assert {each.nickname for each in await keeping.listed()} == {"Home", "Beach"}


async def test_given_a_full_list_when_one_more_is_saved_then_it_is_refused(
    keeping: Keeping,
) -> None:
    for number in range(MOST):
        await keeping.add(AddressEntry(nickname=f"No. {number}", address=door(number)))

    with pytest.raises(TooManySavedAddressesError):
        await keeping.add(HOME)
    again = await keeping.add(AddressEntry(nickname="First", address=door(0)))
    kept = await keeping.keep_booked(HOME.address)

    assert again.nickname == "First"
    assert kept is None
    assert len(await keeping.listed()) == MOST


async def test_given_another_customers_address_when_reached_for_then_there_is_none(
    keeping: Keeping,
) -> None:
    home = await keeping.add(HOME)
    other = await keeping.house.take_in(a_customer(email="bea@example.com"))
    ports = keeping.house.ports

    for act in (
        look_up_address(other.id, home.id, ports),
        change_address(other.id, home.id, lambda _: BEACH, ports),
        remove_address(other.id, home.id, ports),
        Keeping(keeping.house, other).use(home.id),
    ):
        with pytest.raises(SavedAddressNotFoundError):
            await act

    assert await keeping.listed() == [home]


async def test_given_an_address_when_a_booking_uses_it_then_its_count_goes_up(
    keeping: Keeping,
) -> None:
    home = await keeping.add(HOME)

    used = await keeping.use(home.id)
    await keeping.use(home.id)

    assert used == HOME.address
    now = await look_up_address(keeping.customer.id, home.id, keeping.house.ports)
    assert (now.times_used, now.last_used_at) == (2, LATER)
    with pytest.raises(SavedAddressNotFoundError):
        await keeping.use(an_id())


async def test_given_a_booked_address_when_kept_then_its_street_names_it_and_it_counts_as_used(
    keeping: Keeping,
) -> None:
    long = replace(an_address(), address_line_1="9 " + "Very Long Street " * 5)

    kept = await keeping.keep_booked(long)
    again = await keeping.keep_booked(long)

    assert kept is not None
    assert again is not None
    assert kept.id == again.id
    assert kept.nickname == long.address_line_1[:50]
    assert (kept.times_used, again.times_used) == (1, 2)


async def test_given_an_account_deleted_meanwhile_when_an_address_is_saved_then_it_is_refused(
    keeping: Keeping,
) -> None:
    gone = replace(
        keeping.customer,
        email="",
        first_name="",
        last_name="",
        phone="",
        password_hash="",
        deleted_at=NOW,
    )
    async with keeping.house.ports.unit_of_work() as uow:
        await uow.customers.save(gone)
        await uow.commit()

    with pytest.raises(InvalidTokenError):
        await keeping.add(HOME)

    assert not keeping.house.database.saved_addresses.rows
