"""SIGTERM: what is at hand is finished, and whatever happens the process is gone within 20 s."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

import httpx
import pytest

from tests.scenarios.child_process import ChildProcess
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Guest, an_order
from tests.scenarios.house import House, free_port

DRAINED_WITHIN_S: Final = 20
A_WHILE_S: Final = 4
FOR_EVER_S: Final = 600
MANY: Final = 100
SOON_S: Final = 60
KEY: Final = "the-key-of-a-request-that-was-cut-off"


def test_given_a_request_and_a_job_at_hand_when_told_to_stop_then_both_end_well_first(
    empty_house: House,
) -> None:
    house = empty_house
    processes = [house.start("service_without_worker"), house.start("worker", port=free_port())]
    paid = house.guest.books(an_order(house.next_open_date()))
    _slow_down("GET", f"/v1/payment_intents/{paid.intent_id}", house)
    house.stripe.pay(paid.intent_id)
    _wait_until_asked("GET", house)
    _slow_down("POST", "/v1/payment_intents", house)

    with ThreadPoolExecutor() as threads:
        booking = threads.submit(house.guest.book, an_order(house.next_open_date()))
        _wait_until_asked("POST", house)
        stops = [threads.submit(_stop, each) for each in processes]
        turned_away = eventually(lambda: _is_turned_away(house), within_s=SOON_S)

    answer = booking.result()
    assert turned_away
    assert answer.status_code == 201
    _assert_left_in_time(stops)
    assert answer.json()["payment_error"] is None
    assert house.booking(paid.id)["status"] == "confirmed"
    assert "Traceback" not in house.output()


@pytest.fixture
def paid(empty_house: House) -> Booked:
    """A booking that is paid, of which nobody has heard: nothing of ours runs yet."""
    before = empty_house.start("service_without_worker")
    booked = empty_house.guest.books(an_order(empty_house.next_open_date()))
    assert before.stop() == 0
    return booked


def test_given_stripe_is_silent_when_told_to_stop_then_it_leaves_in_time_and_nothing_is_lost(
    empty_house: House, paid: Booked
) -> None:
    house = empty_house
    service = house.start()
    _slow_down("POST", "/v1/payment_intents", house, for_s=FOR_EVER_S, times=MANY)
    _slow_down("GET", f"/v1/payment_intents/{paid.intent_id}", house, for_s=FOR_EVER_S, times=MANY)
    house.stripe.pay(paid.intent_id)
    order = an_order(house.next_open_date())

    with ThreadPoolExecutor() as threads:
        booking = threads.submit(house.guest.book, order, key=KEY)
        _wait_until_asked("POST", house, times=MANY)
        _wait_until_asked("GET", house, times=MANY)
        stopping = threads.submit(_stop, service)
    cut_off = booking.result()
    house.stripe.repair()
    house.start()
    house.let_time_pass()
    house.change("UPDATE idempotency_records SET leased_until = now() WHERE key = %s", KEY)
    again = house.guest.book(order, key=KEY)

    _assert_left_in_time([stopping])
    assert _told(cut_off) == (503, "shutting_down", "5")
    assert again.status_code == 201, again.text
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Booked.from_answer(again.json()).intent_id
    house.wait_for_status(paid.id, "confirmed")


def _assert_left_in_time(stops: list[Future[tuple[int, float]]]) -> None:
    ends = [stop.result() for stop in stops]
    assert {status for status, _ in ends} == {0}
    assert max(seconds for _, seconds in ends) < DRAINED_WITHIN_S


def _told(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["error_type"], answer.headers.get("Retry-After")


def _stop(process: ChildProcess) -> tuple[int, float]:
    """Return the exit status, and after how many seconds."""
    asked_at_s = time.monotonic()
    return process.stop(), time.monotonic() - asked_at_s


def _is_turned_away(house: House) -> bool:
    with closing(Guest(house.url)) as guest:
        try:
            guest.http.get("/health/live")
        except httpx.ConnectError:
            return True
        except httpx.TransportError:  # taken just before it left
            return False
    return False


def _slow_down(
    method: str, path: str, house: House, *, for_s: float = A_WHILE_S, times: int = 1
) -> None:
    rule: dict[str, Any] = {"action": "delay", "delay_s": for_s, "times": times}
    house.stripe.break_down(rule | {"method": method, "path": path})


def _wait_until_asked(method: str, house: House, *, times: int = 1) -> None:
    query = "SELECT id FROM sandbox.stripe_faults WHERE method = %s AND times < %s"
    eventually(lambda: house.rows(query, method, times), within_s=SOON_S)
