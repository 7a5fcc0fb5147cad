"""Lists, pictures and webhooks at Onfleet."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.adapters.onfleet.courier_orders import (
    BASE,
    ScriptedOnfleet,
    gateway_to,
    ok,
    refused,
    task_answer,
)
from tests.builders import NOW
from totetaxi_adapters.onfleet.gateway import OnfleetCourierGateway
from totetaxi_adapters.onfleet.webhooks import REGISTERED
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
)
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.refusal import DomainError

OPEN = (CourierTaskStatus.CREATED, CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE)
URL = "https://totetaxi.example/api/logistics/webhook/"
PNG = b"\x89PNG\r\n\x1a\n"


def a_page(*ids: str, last_id: str | None = None, **changes: object) -> httpx.Response:
    tasks = [task_answer(id=one, **changes) for one in ids]
    return ok({"tasks": tasks} | ({"lastId": last_id} if last_id else {}))


async def test_given_short_and_empty_pages_when_listed_then_all_are_read_to_the_last() -> None:
    onfleet = ScriptedOnfleet(
        a_page("a", "b", last_id="b"),
        a_page(last_id="between"),
        a_page("b", "c", last_id="c", state=1),
        a_page("d", state=9),
    )

    async with gateway_to(onfleet) as gateway:
        listed = await gateway.list_tasks(since=NOW, statuses=OPEN)

    assert [one.id for one in listed] == ["a", "b", "c"]  # d is in a state nobody knows
    queries = [dict(one.url.params) for one in onfleet.asked]
    assert [one.get("lastId") for one in queries] == [None, "b", "between", "c"]
    assert {one["state"] for one in queries} == {"0,1,2"}
    assert {one["from"] for one in queries} == {"1795446000000"}


async def test_given_both_ends_when_failed_ones_are_listed_then_the_others_are_left_out() -> None:
    tasks = [
        task_answer(id=name, state=3, completionDetails={"success": success})
        for name, success in (("done", True), ("failed", False))
    ]
    onfleet = ScriptedOnfleet(ok({"tasks": tasks}))

    async with gateway_to(onfleet) as gateway:
        listed = await gateway.list_tasks(since=NOW, statuses=[CourierTaskStatus.FAILED])
        none = await gateway.list_tasks(since=NOW, statuses=[CourierTaskStatus.WAITING])

    assert ([one.id for one in listed], none) == (["failed"], ())
    assert len(onfleet.asked) == 1


@pytest.mark.parametrize("reply", [a_page("a", last_id="a"), ok([]), ok({"tasks": None})])
async def test_given_pages_without_end_or_list_when_listed_then_half_a_list_is_none(
    reply: httpx.Response,
) -> None:
    async with gateway_to(ScriptedOnfleet(reply)) as gateway:
        with pytest.raises(CourierUnavailableError):
            await gateway.list_tasks(since=NOW, statuses=OPEN)


async def test_given_drivers_when_listed_then_by_name_with_their_duty() -> None:
    people = [{"id": "2", "name": "Zoe", "onDuty": True}, {"id": "1", "name": "Al"}, {"name": "?"}]

    async with gateway_to(ScriptedOnfleet(ok(people))) as gateway:
        listed = await gateway.list_workers()

    assert [(one.id, one.name, one.is_on_duty) for one in listed] == [
        ("1", "Al", False),
        ("2", "Zoe", True),
    ]


async def test_given_a_key_when_checked_then_only_that_is_asked() -> None:
    good, bad = ScriptedOnfleet(ok({"message": "Hello"})), ScriptedOnfleet(refused(401, 1102))

    async with gateway_to(good) as gateway:
        await gateway.check()
    async with gateway_to(bad) as gateway:
        with pytest.raises(CourierMisconfiguredError):
            await gateway.check()

    assert good.calls == ["GET /auth/test"]


@pytest.mark.parametrize(
    "ask",
    [
        OnfleetCourierGateway.check,
        OnfleetCourierGateway.list_workers,
        OnfleetCourierGateway.list_webhooks,
        lambda gateway: gateway.register_webhooks(URL),
    ],
)
async def test_given_a_page_of_somebody_between_when_asked_then_it_is_no_answer_of_onfleets(
    ask: Callable[[OnfleetCourierGateway], Awaitable[object]],
) -> None:
    onfleet = ScriptedOnfleet(*[httpx.Response(200, html="<p>Sign in</p>")] * 2)

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierUnavailableError, match="an answer"):
            await ask(gateway)

    assert len(onfleet.calls) == 1


async def test_given_a_webhook_without_an_id_when_registered_then_it_is_no_answer() -> None:
    onfleet = ScriptedOnfleet(ok([]), httpx.Response(200, html="<p>Sign in</p>"))

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierUnavailableError, match="without a webhook"):
            await gateway.register_webhooks(URL)

    assert len(onfleet.calls) == 2


async def test_given_a_picture_when_read_then_from_the_address_set_and_without_our_key() -> None:
    picture = httpx.Response(200, content=PNG, headers={"Content-Type": "Image/PNG; q=1"})
    onfleet = ScriptedOnfleet(httpx.Response(403), picture)
    where = "https://pictures.example/{upload_id}/{size}.png"

    async with gateway_to(onfleet, upload_url=where) as gateway:
        read = await gateway.read_proof("5d0c/../x")

    assert (read.content, read.content_type) == (PNG, "image/png")
    assert [str(one.url) for one in onfleet.asked] == [
        "https://pictures.example/5d0c%2F..%2Fx/800x.png",
        "https://pictures.example/5d0c%2F..%2Fx/282x.png",
    ]
    assert all("Authorization" not in one.headers for one in onfleet.asked)


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        (httpx.Response(404), CourierTaskNotFoundError),
        (httpx.Response(503), CourierUnavailableError),
        (httpx.Response(200, html="<p>Sign in</p>"), CourierUnavailableError),
        (httpx.Response(200, headers={"Content-Type": "image/png"}), CourierUnavailableError),
    ],
)
async def test_given_no_picture_when_read_then_it_is_said_why(
    reply: httpx.Response, meant: type[DomainError]
) -> None:
    async with gateway_to(ScriptedOnfleet(reply), upload_url=f"{BASE}/{{upload_id}}") as gateway:
        with pytest.raises(meant):
            await gateway.read_proof("5d0c")


class WebhookShelf:
    """Onfleet's list of webhooks."""

    def __init__(self, *webhooks: dict[str, Any]) -> None:
        self.webhooks = list(webhooks)
        self.made = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return ok(self.webhooks)
        if request.method == "DELETE":
            gone = request.url.path.rpartition("/")[2]
            self.webhooks = [one for one in self.webhooks if one["id"] != gone]
            return httpx.Response(200)
        self.made += 1
        body = ScriptedOnfleet(ok(None))
        body.asked.append(request)
        self.webhooks.append(a_webhook(f"new{self.made}", **body.sent()))
        return ok(self.webhooks[-1])


def a_webhook(webhook_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    return {"id": webhook_id, "count": 0, "url": URL, "isEnabled": True, **changes}


async def test_given_some_standing_when_registered_twice_then_each_is_there_once_and_enabled() -> (
    None
):
    shelf = WebhookShelf(
        a_webhook("kept", trigger=0),
        a_webhook("second", trigger=0),
        a_webhook("off", trigger=3, isEnabled=False),
        a_webhook("others", trigger=3, url="https://elsewhere.example/"),
        a_webhook("unknown", trigger=77),
    )

    async with gateway_to(shelf) as gateway:
        registered = await gateway.register_webhooks(URL)
        again = await gateway.register_webhooks(URL)
        listed = await gateway.list_webhooks()

    assert again == registered
    assert shelf.made == len(REGISTERED) - 1
    assert [one.id for one in registered][:1] == ["kept"]
    assert all(one.is_enabled and one.url == URL for one in registered)
    left = {one.id for one in listed} - {one.id for one in registered}
    assert left == {"others", "unknown"}
    assert {one.kind for one in listed if one.id == "unknown"} == {"trigger 77"}


async def test_given_an_address_that_does_not_answer_when_registered_then_it_is_refused() -> None:
    onfleet = ScriptedOnfleet(ok([]), refused(400, 1008, "Webhook URL failed validation"))

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierRefusedError, match="1008"):
            await gateway.register_webhooks(URL)
