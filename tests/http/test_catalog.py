"""The catalog is kept by browsers and proxies, who ask each time whether it still stands."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.builders import DEFAULT_BOOK
from tests.http.echo import client_of
from tests.http.one_app import app_on
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.price_book import PriceBook

NO_STRIPE = "http://127.0.0.1:1"
ORGANIZING = DEFAULT_BOOK.organizing_services[0]
PATHS = (
    "",
    "/mini-moves-with-organizing",
    "/organizing-by-tier",
    f"/organizing/{ORGANIZING.id}",
)


@dataclass(kw_only=True)
class Shop:
    """A service, and somebody who reads its catalog."""

    wiring: Wiring
    http: httpx.AsyncClient

    async def read(self, path: str = "", *, seen: str | None = None) -> httpx.Response:
        headers = {} if seen is None else {"If-None-Match": seen}
        return await self.http.get(f"/api/public/services{path}", headers=headers)

    async def publish(self, **sections: object) -> None:
        """Publish the default book with some sections replaced; the service has looked since."""
        book = PriceBook.from_document({**DEFAULT_BOOK.document, **sections})
        at = self.wiring.ports.clock()
        async with self.wiring.ports.unit_of_work() as uow:
            current = await uow.price_books.current(at=at)
            await uow.price_books.publish(
                book,
                based_on=current.version,
                by="maria",
                effective_at=at,
                at=at,
            )
            await uow.commit()
        await self.wiring.current_book.refresh()


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    settings = settings_from({"RATELIMIT_ENABLE": "false"})
    async with (
        wired(settings, database_url, sandbox_url=NO_STRIPE) as wiring,
        client_of(app_on(wiring)) as http,
    ):
        yield Shop(wiring=wiring, http=http)


@pytest.mark.parametrize("path", PATHS)
async def test_given_a_page_that_was_seen_when_asked_for_again_then_it_is_not_sent_again(
    shop: Shop, path: str
) -> None:
    first = await shop.read(path)

    again = await shop.read(path, seen=first.headers["ETag"])

    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert "Content-Type" not in again.headers


async def test_given_pages_of_one_book_when_read_then_each_has_a_strong_tag_of_its_own(
    shop: Shop,
) -> None:
    tags = [(await shop.read(path)).headers["ETag"] for path in PATHS]

    assert len(set(tags)) == len(PATHS)
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("nonsense", 200),
    ],
)
async def test_given_a_tag_in_other_words_when_asked_with_then_it_is_understood(
    shop: Shop, spelling: str, status: int
) -> None:
    tag = (await shop.read()).headers["ETag"]

    answer = await shop.read(seen=spelling.format(tag=tag))

    assert answer.status_code == status


async def test_given_a_new_price_book_when_asked_with_the_old_tag_then_the_new_page_is_sent(
    shop: Shop,
) -> None:
    old = await shop.read()

    await shop.publish(fees={**DEFAULT_BOOK.document["fees"], "coi_cents": 6_100})  # type: ignore[dict-item]
    new = await shop.read(seen=old.headers["ETag"])

    assert (new.status_code, new.json()["price_book_version"]) == (200, 2)
    assert new.json()["fees"]["coi_cents"] == 6_100
    assert new.headers["ETag"] != old.headers["ETag"]


async def test_given_the_old_prices_again_when_asked_with_their_tag_then_the_version_still_differs(
    shop: Shop,
) -> None:
    old = await shop.read()
    await shop.publish(title="Others")
    await shop.publish()

    now = await shop.read(seen=old.headers["ETag"])

    assert (now.status_code, now.json()["price_book_version"]) == (200, 3)


async def test_given_a_service_taken_off_when_asked_for_with_its_tag_then_it_is_not_found(
    shop: Shop,
) -> None:
    path = f"/organizing/{ORGANIZING.id}"
    tag = (await shop.read(path)).headers["ETag"]
    services = [dict(one) for one in DEFAULT_BOOK.document["organizing_services"]]  # type: ignore[attr-defined]
    services[0]["is_active"] = False

    await shop.publish(organizing_services=services)
    answer = await shop.read(path, seen=tag)

    assert (answer.status_code, answer.json()["error_type"]) == (404, "service_not_found")
    assert "ETag" not in answer.headers


async def test_given_a_head_request_when_asked_then_it_tells_the_tag_without_the_page(
    shop: Shop,
) -> None:
    tag = (await shop.read()).headers["ETag"]

    answer = await shop.http.head("/api/public/services/")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == tag


async def test_given_a_reader_who_is_logged_in_when_asked_then_nobody_keeps_the_page(
    shop: Shop,
) -> None:
    headers = {"X-Manage-Token": "somebody's"}

    answer = await shop.http.get("/api/public/services", headers=headers)

    assert "no-store" in answer.headers["Cache-Control"]
