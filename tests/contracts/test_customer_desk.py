from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_booking, a_customer
from tests.contracts.conftest import UowFactory
from totetaxi_core.bookings.find_bookings import Search
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_desk import CustomerFilter, find_customers
from totetaxi_core.page import Page, Place

ALL = CustomerFilter()


async def found(
    uow_factory: UowFactory,
    wanted: CustomerFilter = ALL,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 10,
) -> Page[Customer]:
    async with uow_factory() as uow:
        return await find_customers(
            uow.customer_desk, wanted, before=before, after=after, limit=limit
        )


def place(customer: Customer | None) -> Place | None:
    return None if customer is None else Place.of(customer)


async def stored(uow_factory: UowFactory, number: int) -> list[Customer]:
    """Store customers a minute apart, two at each instant, each second a VIP; newest first."""
    made = [
        a_customer(
            email=f"ada{n}@example.com",
            created_at=NOW + timedelta(minutes=n // 2),
            is_vip=n % 2 == 0,
        )
        for n in range(number)
    ]
    async with uow_factory() as uow:
        for customer in made:
            await uow.customers.add(customer)
        await uow.commit()
    return sorted(made, key=Place.of, reverse=True)


async def test_given_customers_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    newest_first = await stored(uow_factory, 7)

    first = await found(uow_factory, limit=3)
    second = await found(uow_factory, before=place(first.oldest), limit=3)
    third = await found(uow_factory, before=place(second.oldest), limit=3)
    back = await found(uow_factory, after=place(third.newest), limit=3)
    top = await found(uow_factory, after=place(back.newest), limit=3)

    assert [*first.entries, *second.entries, *third.entries] == newest_first
    assert (first.newest, third.oldest) == (None, None)
    assert (back.entries, top.entries) == (second.entries, first.entries)
    assert top.newest is None


async def test_given_vips_when_listed_then_only_those_or_the_others_come(
    uow_factory: UowFactory,
) -> None:
    newest_first = await stored(uow_factory, 6)

    vips = await found(uow_factory, CustomerFilter(is_vip=True), limit=2)
    rest = await found(uow_factory, CustomerFilter(is_vip=True), before=place(vips.oldest), limit=2)
    others = await found(uow_factory, CustomerFilter(is_vip=False))

    assert [*vips.entries, *rest.entries] == [one for one in newest_first if one.is_vip]
    assert list(others.entries) == [one for one in newest_first if not one.is_vip]


async def test_given_a_deleted_account_when_listed_then_it_does_not_come(
    uow_factory: UowFactory,
) -> None:
    gone = {"email": "", "first_name": "", "last_name": "", "phone": "", "password_hash": ""}
    async with uow_factory() as uow:
        await uow.customers.add(a_customer(deleted_at=NOW, **gone))
        await uow.commit()

    assert (await found(uow_factory)).entries == ()


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("ADA.love@example.com", True),
        ("ada.love@", True),
        ("love@example.com", False),
        ("(212) 736-5000", True),
        ("+1 212 736 5000", True),
        ("2127365001", False),
        ("love", True),
        ("ADA", True),
        ("ada lov", True),
        ("lovelace ada", False),
        ("lace", False),
        ("%", False),
        ("{number}", True),
        ("TT-00000000", False),
    ],
)
async def test_given_what_a_caller_knows_when_searched_then_they_are_found(
    uow_factory: UowFactory, typed: str, *, is_found: bool
) -> None:
    customer = a_customer(
        email="Ada.Love@example.com",
        first_name="Ada",
        last_name="Lovelace",
        phone="+12127365000",
    )
    booking = replace(a_booking(), customer_id=customer.id)
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        await uow.customers.add(
            a_customer(email="eve@example.com", first_name="Eve", phone="+12125550199")
        )
        await uow.bookings.add(booking)
        await uow.commit()

    text = typed.format(number=booking.booking_number)
    page = await found(uow_factory, CustomerFilter(search=Search.of(text)))

    assert page.entries == ((customer,) if is_found else ())
