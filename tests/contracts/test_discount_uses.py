from datetime import datetime, timedelta

import pytest

from tests.builders import (
    NOW,
    a_booking,
    a_discount_code,
    a_price_book,
    a_rich_quote,
    winter_code_document,
)
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.page import Place
from totetaxi_core.price_book import DiscountCode
from totetaxi_core.pricing import LineKind

ADA, BOB = "ada.guest@example.com", "bob@example.com"


async def reserve(
    uow_factory: UowFactory,
    code: DiscountCode,
    *,
    email_key: str = ADA,
    beyond_limit: bool = False,
    created_at: datetime = NOW,
) -> Booking:
    """Commit a new booking with a use of the code."""
    booking = a_booking(created_at=created_at)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.discount_uses.reserve(
            code, booking_id=booking.id, email_key=email_key, beyond_limit=beyond_limit
        )
        await uow.commit()
    return booking


async def test_given_uses_when_counted_then_in_all_and_by_email(uow_factory: UowFactory) -> None:
    code, other = a_discount_code(), a_discount_code()
    for used, email_key in ((code, ADA), (code, ADA), (code, BOB), (other, ADA)):
        await reserve(uow_factory, used, email_key=email_key)

    async with uow_factory() as uow:
        counts = [
            await uow.discount_uses.count(code.id),
            await uow.discount_uses.count(code.id, email_key=ADA),
            await uow.discount_uses.count(code.id, email_key=BOB),
            await uow.discount_uses.count(code.id, email_key="nobody@example.com"),
        ]

    assert counts == [3, 2, 1, 0]


async def test_given_erased_uses_when_counted_then_only_their_pseudonym_finds_them(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code(max_uses_per_customer=1)
    await reserve(uow_factory, code, email_key=ADA)
    await reserve(uow_factory, code, email_key=BOB)

    async with uow_factory() as uow:
        await uow.discount_uses.erase(ADA, pseudonym="erased:ada")
        await uow.commit()

    async with uow_factory() as uow:
        booking, count = a_booking(), uow.discount_uses.count
        assert await count(code.id, email_key=ADA) == 0
        assert await count(code.id, email_key=ADA, pseudonym="erased:ada") == 1
        assert await count(code.id, email_key=BOB, pseudonym="erased:bob") == 1
        with pytest.raises(DiscountUsedUpError):
            await uow.discount_uses.reserve(
                code, booking_id=booking.id, email_key=ADA, pseudonym="erased:ada"
            )


async def test_given_a_code_without_limits_when_reserved_often_then_it_is_given(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code()

    for _ in range(3):
        await reserve(uow_factory, code)

    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id) == 3


async def test_given_the_last_use_is_gone_when_reserved_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code(max_uses=2)
    await reserve(uow_factory, code, email_key=ADA)
    await reserve(uow_factory, code, email_key=BOB)

    with pytest.raises(DiscountUsedUpError) as refusal:
        await reserve(uow_factory, code, email_key="carol@example.com")

    assert (refusal.value.code, refusal.value.field) == ("discount_unavailable", "discount_code")


async def test_given_a_customers_last_use_is_gone_when_reserved_then_only_others_get_it(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code(max_uses_per_customer=1)
    await reserve(uow_factory, code, email_key=ADA)

    with pytest.raises(DiscountUsedUpError):
        await reserve(uow_factory, code, email_key=ADA)
    await reserve(uow_factory, code, email_key=BOB)

    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id) == 2


async def test_given_no_use_left_when_reserved_beyond_the_limit_then_it_is_taken_and_counts(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code(max_uses=1, max_uses_per_customer=1)
    await reserve(uow_factory, code)

    await reserve(uow_factory, code, beyond_limit=True)

    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id, email_key=ADA) == 2


async def test_given_a_use_when_given_back_then_another_may_have_it(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code(max_uses=1)
    booking = await reserve(uow_factory, code)

    async with uow_factory() as uow:
        await uow.discount_uses.give_back(booking.id)
        await uow.commit()
    await reserve(uow_factory, code, email_key=BOB)

    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id) == 1
        assert await uow.discount_uses.count(code.id, email_key=ADA) == 0


async def test_given_a_booking_without_a_use_when_given_back_then_nothing_happens(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code()
    await reserve(uow_factory, code)
    without = await store_booking(uow_factory())

    async with uow_factory() as uow:
        await uow.discount_uses.give_back(without.id)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id) == 1


@pytest.mark.parametrize("commits", [True, False])
async def test_given_two_after_the_last_use_when_the_first_ends_then_the_second_knows(
    uow_factory: UowFactory, *, commits: bool
) -> None:
    code, booking = a_discount_code(max_uses=1), a_booking()

    async with uow_factory() as first:
        await first.bookings.add(booking)
        await first.discount_uses.reserve(code, booking_id=booking.id, email_key=ADA)
        waiting = await start_blocked(reserve(uow_factory, code, email_key=BOB), by=first)
        if commits:
            await first.commit()

    if commits:
        with pytest.raises(DiscountUsedUpError):
            await outcome(waiting)
    else:
        assert (await outcome(waiting)).id != booking.id
    async with uow_factory() as uow:
        assert await uow.discount_uses.count(code.id) == 1


async def test_given_uses_of_two_codes_when_counted_together_then_each_that_has_any_is_told(
    uow_factory: UowFactory,
) -> None:
    code, other, unused = a_discount_code(), a_discount_code(), a_discount_code()
    for used in (code, code, other):
        await reserve(uow_factory, used)

    async with uow_factory() as uow:
        counts = await uow.discount_uses.counts()

    assert counts == {code.id: 2, other.id: 1}
    assert unused.id not in counts


async def test_given_uses_when_listed_then_newest_first_and_by_the_page(
    uow_factory: UowFactory,
) -> None:
    code = a_discount_code()
    booked = [
        await reserve(uow_factory, code, created_at=NOW + timedelta(minutes=number))
        for number in range(4)
    ]
    await reserve(uow_factory, a_discount_code())

    async with uow_factory() as uow:
        newest = await uow.discount_uses.page(code.id, limit=2)
        older = await uow.discount_uses.page(code.id, before=Place.of(newest[-1]), limit=9)
        newer = await uow.discount_uses.page(code.id, after=Place.of(older[-1]), limit=2)

    assert [use.booking_id for use in newest] == [booked[3].id, booked[2].id]
    assert [use.booking_id for use in older] == [booked[1].id, booked[0].id]
    assert [use.booking_id for use in newer] == [booked[2].id, booked[1].id]
    assert (newest[0].booking_number, newest[0].booking_status) == (
        booked[3].booking_number,
        booked[3].status,
    )
    assert newest[0].created_at == booked[3].created_at


async def test_given_what_a_code_took_off_when_its_uses_are_listed_then_it_is_told(
    uow_factory: UowFactory,
) -> None:
    document = winter_code_document()
    book = a_price_book(discount_codes=[document])
    priced = a_rich_quote(book=book)
    booking = a_booking(offer=priced)
    code = book.discount_codes[0]

    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.discount_uses.reserve(code, booking_id=booking.id, email_key=ADA)
        await uow.commit()

    async with uow_factory() as uow:
        [use] = await uow.discount_uses.page(code.id, limit=9)
    assert use.discount_cents == -priced.totals_by_kind[LineKind.DISCOUNT] > 0
