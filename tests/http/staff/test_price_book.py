"""The price book as a whole over HTTP: versions, what waits, what changed, taking back."""

import httpx
import pytest

from tests.http.staff.conftest import Desk
from totetaxi_adapters.book_file import read_book_file, write_book_file
from totetaxi_core.price_book.publish_book import publish_book
from totetaxi_core.price_book.read_books import look_up_book
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

WEEKEND = "price-book/surcharge-rules/weekend-mini_move"
WHY = {"reason": "Costs rose"}
DEARER = {"changes": {"amount_cents": 20_000}, **WHY}


@pytest.fixture(autouse=True)
async def maria(desk: Desk) -> None:
    """Maria keeps the prices."""
    await desk.hire("maria", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_PRICING)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_type"]


async def test_given_an_edit_from_a_day_on_when_sent_then_it_waits_and_can_be_edited_on(
    desk: Desk,
) -> None:
    start = "2027-05-01T04:00:00Z"
    none = await desk.get("price-book/waiting", by="maria")

    dearer = await desk.patch(WEEKEND, {**DEARER, "effective_at": start}, by="maria")
    vip = {"code": "VIP", "kind": "fixed", "amount_cents": 1_000}
    carried = await desk.post("price-book/discount-codes", {"entry": vip, **WHY}, by="maria")
    waiting = await desk.get("price-book/waiting", by="maria")

    shelved = waiting.json()["waiting"]
    number = shelved["price_book"]["version"]
    onward = {"changes": {"amount_cents": 21_000}, **WHY, "based_on": number}
    edited = await desk.patch(WEEKEND, onward, by="maria")
    assert none.json() == {"waiting": None}
    assert dearer.json()["price_book"]["state"] == "waiting"
    assert (carried.status_code, carried.json()["carried_to"]) == (201, number)
    assert shelved["price_book"]["effective_at"] == start
    assert shelved["document"]["discount_codes"][0]["code"] == "VIP"
    assert edited.json()["price_book"]["effective_at"] == start
    assert (await desk.get(WEEKEND, by="maria")).json()["entry"]["amount_cents"] == 17_500

    last = edited.json()["price_book"]["version"]
    withdrawn = await desk.post(f"price-book/versions/{last}/withdraw", WHY, by="maria")
    too_late = await desk.post(f"price-book/versions/{last}/withdraw", WHY, by="maria")
    assert withdrawn.json()["state"] == "withdrawn"
    assert refusal(too_late) == (409, "price_book_not_waiting")


async def test_given_a_version_when_its_changes_are_asked_for_then_they_come_in_words(
    desk: Desk,
) -> None:
    await desk.patch(WEEKEND, DEARER, by="maria")
    await desk.patch("price-book/fees", {"changes": {"coi_cents": 6_000}, **WHY}, by="maria")

    last = await desk.get("price-book/versions/3/changes", by="maria")
    both = await desk.get("price-book/versions/3/changes", by="maria", against=1)
    first = await desk.get("price-book/versions/1/changes", by="maria")

    assert last.json()["compared_with"] == 2
    assert [one["path"] for one in last.json()["changes"]] == ["fees.coi_cents"]
    assert [one["sentence"] for one in both.json()["changes"]][1:] == [
        "Surcharge “Weekend, mini move”: the amount rises from $175.00 to $200.00."
    ]
    assert first.json() == {"compared_with": 0, "changes": []}


async def test_given_versions_when_read_and_rolled_back_then_each_is_as_it_was(
    desk: Desk,
) -> None:
    await desk.patch(WEEKEND, DEARER, by="maria")

    first = await desk.get("price-book/versions/1", by="maria")
    none = await desk.get("price-book/versions/9", by="maria")
    beyond = await desk.get(f"price-book/versions/{2**63}", by="maria")
    page = await desk.get("price-book/versions", by="maria", page_size=1)
    back = await desk.post("price-book/versions/1/rollback", WHY, by="maria")
    unknown = await desk.post("price-book/versions/9/rollback", WHY, by="maria")
    never = await desk.post(f"price-book/versions/{2**40}/withdraw", WHY, by="maria")
    current = await desk.get("price-book/current", by="maria")

    assert (first.headers["etag"], first.json()["price_book"]["state"]) == ('"1"', "past")
    assert refusal(beyond) == (404, "price_book_version_not_found")
    assert (
        refusal(none) == refusal(unknown) == refusal(never) == (404, "price_book_version_not_found")
    )
    assert page.json()["next"].endswith("/api/staff/price-book/versions?before=2&page_size=1")
    assert (back.json()["version"], back.json()["digest"]) == (
        3,
        first.json()["price_book"]["digest"],
    )
    assert current.json()["document"] == first.json()["document"]


async def test_given_a_book_from_a_file_when_edited_over_http_then_its_comments_stay(
    desk: Desk,
) -> None:
    ports = desk.wiring.ports
    text = write_book_file((await look_up_book(ports)).book)
    text = text.replace("surcharge_rules:\n", "surcharge_rules: # by Lou\n", 1)
    text = text.replace("title: ToteTaxi 2026", "title: ToteTaxi 2027 # the new one")
    draft = read_book_file(text)
    await publish_book(
        draft.document, ports, based_on=1, reason="2027", by="lou", source=draft.source
    )

    await desk.patch(WEEKEND, DEARER, by="maria")

    found = await look_up_book(ports)
    exported = write_book_file(found.book, source=found.source)
    assert "# by Lou" in exported
    assert "# the new one" in exported
    assert "based_on: 3" in exported
    assert read_book_file(exported).document == found.book.document
