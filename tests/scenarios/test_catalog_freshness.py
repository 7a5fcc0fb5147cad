"""A new price book is seen by every server process, not by the one that published it alone."""

from functools import partial

import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Guest
from tests.scenarios.house import House
from totetaxi_adapters.following import POLL_S
from totetaxi_core.price_book import PriceBook

CATALOG = "/api/public/services/"
# Half a second between two looks, and what a busy machine takes for one.
PATIENCE_S = 20


def test_given_two_servers_when_a_book_is_published_then_both_send_the_new_page_to_old_tags(
    house: House,
) -> None:
    guests = (house.guest, house.start_another())
    old = [guest.http.get(CATALOG).headers["ETag"] for guest in guests]
    kept = [_read(guest, seen=old[0]).status_code for guest in guests]
    fees = {**PriceBook.default().document["fees"], "coi_cents": 6_100}  # type: ignore[dict-item]

    book = house.publish({"fees": fees})

    for guest in guests:
        eventually(partial(_is_sent_anew, guest, seen=old[0]), within_s=PATIENCE_S)
    new = [_read(guest, seen=old[0]) for guest in guests]
    assert kept == [304, 304]
    assert [page.json()["price_book_version"] for page in new] == [book.version] * 2
    assert len({*old, *(page.headers["ETag"] for page in new)}) == 2
    assert POLL_S < 1


def _read(guest: Guest, *, seen: str) -> httpx.Response:
    return guest.http.get(CATALOG, headers={"If-None-Match": seen})


def _is_sent_anew(guest: Guest, *, seen: str) -> bool:
    return _read(guest, seen=seen).status_code == 200
