"""One entry changed is a version published: on record, onto the version that waits too."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.entry_edit import EntryEdit, adding, changing, retiring
from totetaxi_core.price_book.publish_book import Publishing, publish_book
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.sections import BookSection, find_entry
from totetaxi_core.refusal import InvalidInputError

RULES, CODES = BookSection.SURCHARGE_RULES, BookSection.DISCOUNT_CODES
WEEKEND = "weekend-mini_move"
SPRING = NOW + timedelta(days=150)
VIP: Mapping[str, Any] = {"code": "VIP", "kind": "percentage", "rate_bp": 1_000}


@pytest.fixture
async def house() -> MemoryHouse:
    house = MemoryHouse()
    await house.publish(PriceBook.default(), based_on=0)
    return house


def weekend(cents: object) -> EntryEdit:
    return changing(RULES, WEEKEND, {"amount_cents": cents}, at="changes")


def weekend_cents(book: PriceBook) -> int:
    amount: int = find_entry(book.document, RULES, WEEKEND).entry["amount_cents"]
    return amount


async def edit(house: MemoryHouse, one: Any, **facts: Any) -> PriceBook:  # noqa: ANN401
    given = {"based_on": 1, "reason": "Costs rose", "by": "maria", **facts}
    return await edit_price_book(one, house.ports, **given)


async def book_at(house: MemoryHouse, *, later: timedelta = timedelta(0)) -> PriceBook:
    async with house.ports.unit_of_work() as uow:
        return await uow.price_books.current(at=house.clock() + later)


async def versions(house: MemoryHouse) -> list[int]:
    async with house.ports.unit_of_work() as uow:
        return [one.version for one in await uow.price_books.history(limit=50)]


async def test_given_a_rule_when_changed_then_a_new_version_has_it_with_its_own_act(
    house: MemoryHouse,
) -> None:
    one = weekend(20_000)

    book = await edit(house, one)

    [act] = house.acts()
    found = one.entry_in(book.document)
    assert (book.version, weekend_cents(await book_at(house))) == (2, 20_000)
    assert (act.action_type, act.staff_name) == ("price_book_entry_changed", "maria")
    assert act.after is not None
    assert act.after["changes"] == (
        "Surcharge “Weekend, mini move”: the amount rises from $175.00 to $200.00."
    )
    assert found is not None
    assert found.entry["amount_cents"] == 20_000


async def test_given_edits_when_each_is_an_act_of_its_own_then_the_record_tells_them_apart(
    house: MemoryHouse,
) -> None:
    made = adding(CODES, VIP)

    await edit(house, made, act=Publishing.DISCOUNT_CODE_CREATED)
    await edit(house, retiring(CODES, "vip"), based_on=2, act=Publishing.ENTRY_RETIRED)

    book = await book_at(house)
    found = made.entry_in(book.document)
    assert [act.action_type for act in house.acts()] == [
        "discount_code_created",
        "price_book_entry_retired",
    ]
    assert found is not None
    assert found.entry["is_active"] is False


async def test_given_many_faults_when_edited_then_all_are_named_and_nothing_is_stored(
    house: MemoryHouse,
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await edit(house, weekend("much"), reason=" ", effective_at=NOW)

    told = {(fault.field, fault.code) for fault in refusal.value.faults}
    assert told == {
        ("reason", "bad_length"),
        ("effective_at", "past"),
        ("changes.amount_cents", "wrong_type"),
    }
    assert await versions(house) == [1]
    assert house.acts() == []


async def test_given_somebody_who_published_meanwhile_when_edited_then_it_is_a_conflict(
    house: MemoryHouse,
) -> None:
    await edit(house, weekend(20_000))

    for based_on in (1, 3, 99):
        with pytest.raises(PriceBookConflictError, match="version 2 is in effect"):
            await edit(house, weekend(30_000), based_on=based_on)

    assert await versions(house) == [2, 1]


async def test_given_several_at_once_when_none_names_a_version_then_each_edit_stands(
    house: MemoryHouse,
) -> None:
    words = ("VIP", "SPRING", "FALL", "WINTER")

    await asyncio.gather(
        *(edit(house, adding(CODES, {**VIP, "code": word}), based_on=None) for word in words)
    )

    book = await book_at(house)
    assert sorted(one.code for one in book.discount_codes) == sorted(words)
    assert await versions(house) == [5, 4, 3, 2, 1]


async def test_given_several_at_once_when_all_saw_the_same_version_then_one_edit_stands(
    house: MemoryHouse,
) -> None:
    amounts = (18_000, 19_000, 20_000)

    ended = await asyncio.gather(
        *(edit(house, weekend(cents)) for cents in amounts), return_exceptions=True
    )

    refused = [one for one in ended if isinstance(one, PriceBookConflictError)]
    assert len(refused) == len(amounts) - 1
    assert await versions(house) == [2, 1]


async def test_given_a_version_that_waits_when_the_one_in_effect_is_edited_then_both_have_it(
    house: MemoryHouse,
) -> None:
    await edit(house, weekend(20_000), effective_at=SPRING)

    await edit(house, adding(CODES, VIP))

    now, then = await book_at(house), await book_at(house, later=SPRING - NOW)
    assert (weekend_cents(now), now.discount_codes[0].code) == (17_500, "VIP")
    assert (weekend_cents(then), then.discount_codes[0].code) == (20_000, "VIP")


async def test_given_a_version_that_waits_when_it_is_edited_then_it_goes_on_waiting(
    house: MemoryHouse,
) -> None:
    await edit(house, weekend(20_000), effective_at=SPRING)

    await edit(house, weekend(21_000), based_on=2)

    assert weekend_cents(await book_at(house)) == 17_500
    assert weekend_cents(await book_at(house, later=SPRING - NOW)) == 21_000


async def test_given_a_version_that_waits_when_the_same_is_changed_then_it_is_a_conflict_at_once(
    house: MemoryHouse,
) -> None:
    await edit(house, weekend(20_000), effective_at=SPRING)

    with pytest.raises(PriceBookConflictError, match="waits changes this too"):
        await edit(house, weekend(18_000), based_on=None)

    assert await versions(house) == [2, 1]


async def test_given_what_stands_so_already_when_edited_then_it_is_refused(
    house: MemoryHouse,
) -> None:
    document = PriceBook.default().document

    with pytest.raises(InvalidInputError, match="nothing would change"):
        await edit(house, weekend(17_500))
    with pytest.raises(InvalidInputError, match="nothing would change"):
        await publish_book(document, house.ports, based_on=1, reason="again", by="maria")

    assert await versions(house) == [1]
