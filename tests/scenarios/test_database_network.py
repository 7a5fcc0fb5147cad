"""The network to the database breaks, hangs, flaps: 503 meanwhile, and all is well after it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple

import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Guest, Json, an_order
from tests.scenarios.house import House, free_port, open_house
from tests.scenarios.insisting import (
    COME_BACK,
    CONFIRMED_MAIL,
    SOON_S,
    all_done,
    assert_confirmed,
    insist,
    status,
    told,
)
from tests.scenarios.tcp_proxy import TcpProxy

ANSWER_S: Final = 3
GONE_WITHIN_S: Final = 20
GUESTS: Final = 6
FLAPS: Final = 3


class FarDatabase(NamedTuple):
    """A house whose service, with its worker, has its database beyond a network."""

    house: House
    network: TcpProxy

    @property
    def settings(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.network.database_url(self.house.database_url),
            "DATABASE_TIMEOUT_S": str(ANSWER_S),
        }


@pytest.fixture(scope="module")
def shared_far(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FarDatabase]:
    with (
        TcpProxy.to_database(postgres_url) as network,
        open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as house,
    ):
        far = FarDatabase(house, network)
        house.start("service", port=house.port, **far.settings)
        yield far


@pytest.fixture
def far(shared_far: FarDatabase) -> Iterator[FarDatabase]:
    yield shared_far
    shared_far.network.mend()


def test_given_no_way_to_the_database_when_asked_then_503_until_it_is_back_without_a_restart(
    far: FarDatabase,
) -> None:
    house, order = far.house, an_order(far.house.next_open_date())
    paid = house.guest.books(an_order(house.next_open_date()))

    far.network.cut()
    answers = _ask_for_everything(house, order, paid)
    alive, prices = status("/health/live", house), status("/api/public/services", house)
    red = [status(path, house) for path in ("/health/", "/health/ready")]
    house.stripe.pay(paid.intent_id)  # whose event finds nobody: 503 there too
    far.network.mend()

    assert answers == [COME_BACK] * len(answers)
    assert (alive, prices, red) == (200, 200, [503, 503])
    eventually(lambda: status("/health/ready", house) == 200, within_s=SOON_S)
    assert house.guest.book(order).status_code == 201
    assert_confirmed(paid.id, house)
    assert "request_failed" not in house.output()


def test_given_a_silent_database_when_asked_then_503_in_time_and_all_goes_on_once_it_speaks(
    far: FarDatabase,
) -> None:
    house, order = far.house, an_order(far.house.next_open_date())
    paid = house.guest.books(an_order(house.next_open_date()))

    far.network.hang()
    with ThreadPoolExecutor() as threads:
        waiting = [threads.submit(house.guest.book, order) for _ in range(2)]
        answers = [told(each.result()) for each in waiting]
    red = status("/health/ready", house)
    house.stripe.pay(paid.intent_id)
    far.network.mend()

    assert (answers, red) == ([COME_BACK] * 2, 503)
    booked = eventually(lambda: _booked(order, house.guest), within_s=SOON_S)
    assert house.crews_taken(booked["pickup_date"]) == 1
    assert_confirmed(paid.id, house)


def test_given_a_slow_database_when_booked_and_paid_then_all_is_done_just_later(
    far: FarDatabase,
) -> None:
    house = far.house
    far.network.slow(0.02)

    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)

    assert house.guest.confirm(booked).status_code == 200
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL, within_s=SOON_S)


def test_given_a_flapping_network_when_guests_insist_then_each_books_once_and_nothing_is_lost(
    far: FarDatabase,
) -> None:
    house = far.house
    days = [house.next_open_date() for _ in range(GUESTS // 2)]
    orders = [an_order(days[number % len(days)]) for number in range(GUESTS)]
    refused: list[int] = []

    with ThreadPoolExecutor(GUESTS) as threads:
        booking = [threads.submit(insist, order, house, refused) for order in orders]
        for flap in range(FLAPS):
            far.network.cut()
            eventually(_so_many_or_done(flap + 1, refused, booking), within_s=SOON_S)
            far.network.mend()
            eventually(lambda: status("/health/ready", house) == 200, within_s=SOON_S)
        booked = [each.result() for each in booking]

    assert set(refused) <= {503}
    assert refused
    for answer in booked:
        assert_confirmed(answer["id"], house)
    stored = house.rows(
        "SELECT count(*) FROM bookings WHERE pickup_date = ANY(%s)", [str(day) for day in days]
    )
    assert stored == [{"count": GUESTS}]
    assert "request_failed" not in house.output()


def test_given_a_silent_database_when_told_to_stop_then_the_process_is_gone_in_time(
    far: FarDatabase,
) -> None:
    house = far.house
    with TcpProxy.to_database(house.database_url) as network:
        way = {"DATABASE_URL": network.database_url(house.database_url)}
        service = house.start("service", port=free_port(), **way)
        network.hang()

        asked_at_s = time.time()
        code = service.stop()
        # Its last act, by the machine's clock: a busy test hears of it later.
        last_word_at_s = service.log.stat().st_mtime

    assert code == 1
    assert "Timeout (" in service.output
    assert last_word_at_s - asked_at_s < GONE_WITHIN_S


def _so_many_or_done(
    number: int, refused: list[int], booking: list[Future[Json]]
) -> Callable[[], bool]:
    return lambda: len(refused) >= number or all_done(booking)


def _ask_for_everything(
    house: House, order: Json, paid: Booked
) -> list[tuple[int, str, str | None]]:
    guest, on = house.guest, str(order["pickup_date"])
    asked = {"start_date": on, "end_date": on, "service_type": "mini_move"}
    asked |= {"mini_move_package_id": order["mini_move_package_id"]}
    login = {"username": "maria", "password": "Wrong-horse-1"}
    return [
        told(answer)
        for answer in (
            guest.get("public/calendar/availability", **asked),
            guest.book(order),
            guest.get(f"public/booking-status/{paid.number}"),
            guest.cancellation(paid),
            guest.confirm(paid),
            guest.create_intent(paid),
            guest.post("staff/login", login),
            guest.post("customer/login", {"email": "a@example.com", "password": "Wrong-horse-1"}),
        )
    ]


def _booked(order: Json, guest: Guest) -> Json | None:
    answer = guest.book(order)
    assert answer.status_code in (200, 201, 503), answer.text
    found: Json | None = answer.json().get("booking")
    return found
