"""The names that log lines bear, and what a provider is told of them."""

from uuid import UUID

import httpx
import structlog

from totetaxi_adapters.origin import at_work, current_origin, name_booking, tell_origin, traceparent

BOOKING = UUID(int=7)


def names() -> dict[str, object]:
    return structlog.contextvars.get_contextvars()


def test_given_work_within_work_when_it_ends_then_the_outer_names_are_back() -> None:
    with at_work(request_id="outer"):
        name_booking(BOOKING)
        with at_work(request_id="inner", job_id=3):
            within = dict(names())
            name_booking(UUID(int=8))
        after = dict(names())

    assert within == {"request_id": "inner", "job_id": 3}
    assert after == {"request_id": "outer", "booking_id": str(BOOKING)}
    assert names() == {}


def test_given_no_request_when_something_is_owed_then_it_has_no_origin() -> None:
    with at_work(job_id=3):
        assert current_origin() is None


async def test_given_a_request_when_a_provider_is_called_then_it_hears_of_it() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    hooks = {"request": [tell_origin]}
    transport = httpx.MockTransport(answer)
    token = traceparent.set("00-ab-cd-01")
    async with httpx.AsyncClient(transport=transport, event_hooks=hooks) as client:
        with at_work(request_id="r1"):
            await client.get("https://provider.example/")
        traceparent.reset(token)
        await client.get("https://provider.example/")

    assert asked[0].headers["x-request-id"] == "r1"
    assert asked[0].headers["traceparent"] == "00-ab-cd-01"
    assert not {"x-request-id", "traceparent"} & set(asked[1].headers)
