"""Whatever moves, whoever joins: an account's totals are the ledger's after every step."""

import asyncio
import os
from contextlib import suppress
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_contact, a_customer
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.bookings.sample_books import book_with_petite_at
from tests.core.customers.carding import save
from tests.laws.money_acts import (
    ACTS,
    SAVED_CARDS,
    Act,
    book,
    come_to_rest,
    dispute,
    hear,
    judge,
    pay,
    settle,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.customer import EmailTakenError
from totetaxi_core.customers.join_bookings import join_guest_bookings
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.refusal import DomainError

SEQUENCES: Final = 5_000 if os.environ.get("TOTETAXI_SOAK") else 100
# Two of them are one VIP, to the cent.
HALF_A_VIP: Final = 100_000
CENTS: Final = st.sampled_from([1, 50_000, 99_999, HALF_A_VIP]) | st.integers(0, HALF_A_VIP)


async def verify(house: MemoryHouse, _figure: int) -> None:
    """Open the account of the guests' address, which their bookings join, if there is none."""
    customer = a_customer(email=a_contact().email)
    with suppress(EmailTakenError):
        async with house.ports.unit_of_work() as uow:
            await uow.customers.add(customer)
            await join_guest_bookings(customer, uow, at=house.clock())
            await uow.commit()
        for card in SAVED_CARDS:
            await save(house, customer, card)


PAID: Final = ((book, 0), (pay, 0), (settle, 0))
VIP: Final = (*PAID, *PAID, (pay, 1), (settle, 1))
BEGINNINGS: Final = (
    (),
    VIP,
    (*VIP, (verify, 0)),
    ((verify, 0), *PAID),
    ((verify, 0), *VIP, (dispute, 50_000), (hear, 0), (judge, 1), (hear, 0)),
)
STEPS: Final = st.lists(st.tuples(st.sampled_from((*ACTS, verify)), CENTS), max_size=25)


@settings(max_examples=SEQUENCES)
@given(begin=st.sampled_from(BEGINNINGS), steps=STEPS)
def test_given_any_sequence_when_money_moves_and_guests_join_then_totals_are_the_ledgers(
    begin: tuple[tuple[Act, int], ...], steps: list[tuple[Act, int]]
) -> None:
    async def story() -> None:
        house = await a_house(book=book_with_petite_at(HALF_A_VIP))
        for act, figure in (*begin, *steps):
            try:
                await act(house, figure)
            except DomainError as refusal:
                assert refusal.code  # noqa: PT017  any refusal will do; other errors fail the law
            check_totals(house)
        await come_to_rest(house)
        await verify(house, 0)
        check_totals(house)

    asyncio.run(story())


def check_totals(house: MemoryHouse) -> None:
    """Count once more, by hand, from the rows."""
    for customer in house.database.customers.rows.values():
        rows = house.database.bookings.rows.values()
        theirs = [booking for booking in rows if booking.customer_id == customer.id]
        net_cents = sum(net(booking, house) for booking in theirs)
        counted = [booking for booking in theirs if is_counted(booking, house)]
        assert customer.total_spent_cents == max(0, net_cents)
        assert customer.is_vip is (net_cents >= 200_000)
        assert customer.total_bookings == len(counted)
        assert customer.last_booking_at == max(
            (booking.confirmed_at for booking in counted if booking.confirmed_at), default=None
        )


def net(booking: Booking, house: MemoryHouse) -> int:
    entries = house.database.ledger_entries.rows.values()
    own = [entry for entry in entries if entry.booking_id == booking.id]
    return total_in(Account.STRIPE, own) + total_in(Account.CASH, own)


def is_counted(booking: Booking, house: MemoryHouse) -> bool:
    if booking.confirmed_at is None:
        return False
    is_free = booking.total_cents == 0 and booking.status is not BookingStatus.CANCELLED
    return is_free or net(booking, house) > 0
