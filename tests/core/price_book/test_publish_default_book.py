from datetime import timedelta

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.price_book.publish_default_book import publish_default_book


async def test_given_no_book_when_published_by_default_then_it_is_version_1() -> None:
    house = MemoryHouse()

    first = await publish_default_book(house.ports)
    second = await publish_default_book(house.ports)

    assert (first.version, first.title) == (1, "ToteTaxi 2026")
    assert second.digest == first.digest


async def test_given_the_default_book_when_the_clock_is_set_back_then_it_is_in_effect() -> None:
    house = MemoryHouse()
    await publish_default_book(house.ports)

    async with house.ports.unit_of_work() as uow:
        earlier = await uow.price_books.current(at=house.ports.clock() - timedelta(days=300))

    assert earlier.version == 1
