"""Publishing, carrying changes onto the version that waits, taking back, rolling back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.zip_points import MemoryZipPoints
from totetaxi_core.geography.point import Point
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.publish_book import (
    check_publishing,
    publish_book,
    withdraw_book,
)
from totetaxi_core.price_book.published_version import BookFormat, PublishedVersion, SourceText
from totetaxi_core.price_book.repository import PriceBookConflictError, PriceBookNotWaitingError
from totetaxi_core.price_book.roll_back_book import roll_back_book
from totetaxi_core.refusal import InvalidInputError

SPRING = NOW + timedelta(days=150)
BASE: Mapping[str, Any] = PriceBook.default().document
VIP = {
    "id": "0b6ff6a0-4c1c-4f0a-8b9e-0f2f5d7b2a11",
    "code": "VIP",
    "kind": "percentage",
    "rate_bp": 1_000,
}


def with_weekend(cents: int, document: Mapping[str, Any] = BASE) -> dict[str, Any]:
    """Return the document with another weekend surcharge on mini moves."""
    rules = [
        {**rule, "amount_cents": cents} if rule["slug"] == "weekend-mini_move" else rule
        for rule in document["surcharge_rules"]
    ]
    return {**document, "surcharge_rules": rules}


def weekend_cents(book: PriceBook) -> int:
    return next(rule.amount_cents for rule in book.surcharge_rules if "weekend-m" in rule.slug)


@pytest.fixture
async def house() -> MemoryHouse:
    house = MemoryHouse()
    await house.publish(PriceBook.default(), based_on=0)
    return house


async def publish(house: MemoryHouse, document: object, **facts: Any) -> PriceBook:  # noqa: ANN401
    given = {"based_on": 1, "reason": "Prices of 2027", "by": "maria", **facts}
    return await publish_book(document, house.ports, **given)


async def book_at(house: MemoryHouse, *, later: timedelta = timedelta(0)) -> PriceBook:
    async with house.ports.unit_of_work() as uow:
        return await uow.price_books.current(at=house.clock() + later)


async def history(house: MemoryHouse) -> Sequence[PublishedVersion]:
    async with house.ports.unit_of_work() as uow:
        return await uow.price_books.history(limit=20)


async def test_given_an_edited_book_when_published_then_it_is_in_effect_and_on_record(
    house: MemoryHouse,
) -> None:
    source = SourceText(text="# why", format=BookFormat.YAML)

    published = await publish(house, with_weekend(20_000), reason="  Costs rose ", source=source)

    current = await book_at(house)
    newest = (await history(house))[0]
    [act] = house.acts()
    assert (published.version, current.version, weekend_cents(current)) == (2, 2, 20_000)
    assert (newest.based_on, newest.reason, newest.published_by) == (1, "Costs rose", "maria")
    assert (act.action_type, act.subject) == ("price_book_published", "price_book:2")
    assert act.after is not None
    assert act.after["changes"] == (
        "Surcharge “Weekend, mini move”: the amount rises from $175.00 to $200.00."
    )
    async with house.ports.unit_of_work() as uow:
        assert await uow.price_books.source(2) == source


async def test_given_zips_without_points_when_published_then_known_ones_are_filled_in(
    house: MemoryHouse,
) -> None:
    points = dict(BASE["points"])
    for zip_code in ("10001", "11954"):
        del points[zip_code]
    directory = MemoryZipPoints({"10001": Point(latitude=40.75, longitude=-73.99)})
    house.ports = replace(house.ports, zip_points=directory)

    published = await publish(house, {**BASE, "points": points})

    assert published.points["10001"] == Point(latitude=40.75, longitude=-73.99)
    assert "11954" not in published.points
    assert published.points["11937"] == PriceBook.default().points["11937"]


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"reason": "  "}, "reason", "bad_length"),
        ({"reason": "x" * 501}, "reason", "bad_length"),
        ({"effective_at": NOW}, "effective_at", "past"),
        ({"document": BASE}, "document", "no_change"),
        ({"document": {**BASE, "title": 7}}, "title", "wrong_type"),
    ],
)
async def test_given_a_faulty_edit_when_published_then_it_is_refused_and_nothing_is_stored(
    house: MemoryHouse, facts: dict[str, Any], field: str, code: str
) -> None:
    document = facts.pop("document", with_weekend(20_000))

    with pytest.raises(InvalidInputError) as refusal:
        await publish(house, document, **facts)

    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [(field, code)]
    assert len(await history(house)) == 1
    assert house.acts() == []


async def test_given_somebody_who_published_meanwhile_when_published_then_it_is_a_conflict(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000))

    with pytest.raises(PriceBookConflictError, match="version 2 is in effect"):
        await publish(house, with_weekend(30_000))

    assert weekend_cents(await book_at(house)) == 20_000


async def test_given_a_version_that_waits_when_a_code_is_made_at_once_then_both_have_it(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING, reason="Spring")

    await publish(house, {**BASE, "discount_codes": [VIP]}, reason="VIPs")

    now, then = await book_at(house), await book_at(house, later=SPRING - NOW)
    assert (now.version, weekend_cents(now), now.discount_codes[0].code) == (3, 17_500, "VIP")
    assert (then.version, weekend_cents(then), then.discount_codes[0].code) == (4, 20_000, "VIP")
    replaced = next(one for one in await history(house) if one.version == 2)
    assert replaced.withdrawal is not None
    assert replaced.withdrawal.reason == "replaced by version 3"
    assert [one.reason for one in await history(house)][:3] == ["Spring", "VIPs", "Spring"]


async def test_given_a_version_that_waits_when_the_same_price_is_changed_then_it_is_a_conflict(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)

    with pytest.raises(PriceBookConflictError, match="amount_cents"):
        await publish(house, with_weekend(18_000))

    async with house.ports.unit_of_work() as uow:
        waiting = await uow.price_books.waiting(at=house.clock())
    assert waiting is not None
    assert waiting.version == 2


async def test_given_a_version_that_waits_when_it_is_edited_then_the_new_one_waits_in_its_place(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)
    later = SPRING + timedelta(days=1)

    with pytest.raises(PriceBookConflictError, match="version 2 waits"):
        await publish(house, with_weekend(21_000), effective_at=later)
    await publish(house, with_weekend(21_000), effective_at=later, based_on=2)

    assert weekend_cents(await book_at(house, later=SPRING - NOW)) == 17_500
    assert weekend_cents(await book_at(house, later=later - NOW)) == 21_000


async def test_given_a_version_that_waits_when_it_is_published_at_once_then_none_waits_any_more(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)

    await publish(house, with_weekend(20_500), based_on=2)

    assert weekend_cents(await book_at(house)) == 20_500
    async with house.ports.unit_of_work() as uow:
        assert await uow.price_books.waiting(at=house.clock()) is None


async def test_given_a_version_that_waits_when_withdrawn_then_it_is_gone_once_and_on_record(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)

    withdrawn = await withdraw_book(2, house.ports, reason="Too early", by="maria")
    with pytest.raises(PriceBookNotWaitingError):
        await withdraw_book(2, house.ports, reason="Too early", by="maria")

    assert withdrawn.withdrawal is not None
    assert (await book_at(house, later=SPRING - NOW)).version == 1
    assert [act.action_type for act in house.acts()] == [
        "price_book_published",
        "price_book_withdrawn",
    ]


async def test_given_two_versions_when_rolled_back_then_the_first_ones_prices_are_a_third(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000))

    rolled_back = await roll_back_book(1, house.ports, reason="Too much", by="lou")

    assert (rolled_back.version, rolled_back.digest) == (3, PriceBook.default().digest)
    assert weekend_cents(await book_at(house)) == 17_500
    assert house.acts()[-1].action_type == "price_book_rolled_back"
    with pytest.raises(InvalidInputError):
        await roll_back_book(1, house.ports, reason="Again", by="lou")


async def test_given_a_version_that_waits_when_it_is_rolled_back_to_then_none_waits_any_more(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)

    early = await roll_back_book(2, house.ports, reason="Sooner after all", by="maria")
    later = await publish(house, with_weekend(25_000), based_on=3, effective_at=SPRING)

    assert (early.version, weekend_cents(await book_at(house))) == (3, 20_000)
    assert (later.version, weekend_cents(await book_at(house, later=SPRING - NOW))) == (4, 25_000)


async def test_given_what_publishing_would_refuse_when_checked_then_it_is_refused_and_else_nothing(
    house: MemoryHouse,
) -> None:
    await publish(house, with_weekend(20_000), effective_at=SPRING)
    dearer = with_weekend(21_000)
    now: dict[str, Any] = {"based_on": 1, "reason": "Now"}

    with pytest.raises(PriceBookConflictError, match="waits changes this too"):
        await check_publishing(dearer, house.ports, **now)
    with pytest.raises(PriceBookConflictError, match="version 2 waits"):
        await check_publishing(dearer, house.ports, **now, effective_at=SPRING)
    with pytest.raises(PriceBookConflictError, match="version 1 is in effect"):
        await check_publishing(dearer, house.ports, based_on=7, reason="Now")
    with pytest.raises(InvalidInputError, match="nothing would change"):
        await check_publishing(BASE, house.ports, **now)
    with pytest.raises(InvalidInputError, match="on record"):
        await check_publishing(dearer, house.ports, based_on=2, reason=" ")
    await check_publishing(dearer, house.ports, based_on=2, reason="Dearer yet")

    assert [one.version for one in await history(house)] == [2, 1]
    assert len(house.acts()) == 1
