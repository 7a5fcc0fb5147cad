"""One request, followed by its id through API, worker and providers; and the figures of all."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import House, free_port, open_house

Line = dict[str, Any]
WAIT_S = 60
MAILED = {"event": "effect_performed", "kind": "send_message"}


@pytest.fixture(scope="module")
def two_processes(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """An API and a worker, for the whole module."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as opened:
        opened.start("service_without_worker")
        opened.start("worker", port=free_port())
        yield opened


def lines_of(house: House, **names: str) -> list[Line]:
    """Return the log lines of all processes that bear these names."""
    logged = [json.loads(line) for line in house.output().splitlines() if line.startswith("{")]
    return [line for line in logged if names.items() <= line.items()]


def book(house: House, request_id: str) -> Booked:
    order, headers = an_order(house.next_open_date()), {"X-Request-ID": request_id}
    answer = house.guest.post("public/guest-booking/", order, headers)
    assert answer.status_code == 201, answer.text
    return Booked.from_answer(answer.json())


def test_given_a_request_when_its_effects_are_done_elsewhere_then_its_id_is_on_every_line(
    two_processes: House,
) -> None:
    house = two_processes

    booked = book(house, "walk-1")
    house.wait_for_messages(booked.id, "booking_received")
    [done] = eventually(
        lambda: lines_of(house, event="effect_performed", request_id="walk-1"), within_s=WAIT_S
    )

    called = {"event": "provider_called", "request_id": "walk-1"}
    [asked] = lines_of(house, **called, operation="create_intent")
    [answered] = lines_of(house, event="request", request_id="walk-1")
    assert {line.get("booking_id") for line in (asked, answered, done)} == {booked.id}
    assert asked["outcome"] == "ok"
    assert (done["kind"], done["outcome"]) == ("send_message", "done")
    assert isinstance(done["job_id"], int)
    assert done["effect_id"]


def test_given_a_payment_when_it_is_settled_then_what_that_owes_goes_by_the_webhooks_id(
    two_processes: House,
) -> None:
    house = two_processes
    booked = book(house, "walk-2")

    house.stripe.pay(booked.intent_id)
    house.wait_for_status(booked.id, "confirmed", within_s=WAIT_S)
    house.wait_for_messages(booked.id, "booking_received", "booking_confirmed", "receipt")
    mailed = eventually(
        lambda: lines if len(lines := lines_of(house, **MAILED, booking_id=booked.id)) == 3 else [],
        within_s=WAIT_S,
    )
    settled = lines_of(house, event="effect_performed", kind="settle_intent", booking_id=booked.id)

    webhooks = {line["request_id"] for line in settled}
    assert "walk-2" not in webhooks
    assert {line["request_id"] for line in mailed} - webhooks == {"walk-2"}


def test_given_two_processes_when_one_is_asked_then_it_tells_what_the_other_did(
    two_processes: House,
) -> None:
    house = two_processes
    booked = book(house, "walk-3")
    house.wait_for_messages(booked.id, "booking_received")

    told = eventually(
        lambda: text if 'task="send_message"' in (text := _metrics(house)) else "", within_s=WAIT_S
    )

    assert 'totetaxi_jobs_total{outcome="done",task="send_message"}' in told
    assert 'operation="create_intent",outcome="ok",provider="stripe"}' in told
    assert 'route="/api/public/guest-booking",status="201"}' in told
    assert 'totetaxi_holds{state="lapsed"} 0.0' in told
    assert "totetaxi_ledger_sum_cents 0.0" in told


def _metrics(house: House) -> str:
    return house.guest.http.get("/metrics").text
