"""Stripe and Onfleet beyond a bad network: what is paid is charged once and driven once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import pytest

from tests.scenarios.child_process import ChildProcess
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import WEBHOOK_SECRET, House, open_house
from tests.scenarios.insisting import LATER_S, SOON_S, assert_confirmed
from tests.scenarios.tcp_proxy import TcpProxy

ONFLEET_SECRET: Final = "0f" * 32
ONFLEET_PATH: Final = "/sandbox/onfleet/api/v2"
LEGS: Final = 2


class FarProviders(NamedTuple):
    """A house whose providers are beyond a network."""

    house: House
    stripe: TcpProxy
    onfleet: TcpProxy


FAULTS: Final[dict[str, Callable[[TcpProxy], None]]] = {
    "cut": TcpProxy.cut,
    "silent": TcpProxy.hang,
    "slow": lambda network: network.slow(0.2),
    "flapping": lambda network: network.lose_answers(2),
}


@pytest.fixture(scope="module")
def shared_far(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FarProviders]:
    folder = tmp_path_factory.mktemp("house")
    with open_house(postgres_url, template, folder) as house:
        arguments = ["-m", "totetaxi_adapters.sandbox", "--database-url", house.database_url]
        arguments += ["--webhook-secret", WEBHOOK_SECRET]
        arguments += ["--onfleet-webhook-secret", ONFLEET_SECRET]
        with ChildProcess(arguments, environ={}, log=folder / "onfleet.log") as sandbox:
            onfleet_port = _port_in(sandbox.wait_for("sandbox ready on "))
            with (
                TcpProxy.to_port(_port_in(house.stripe.base)) as stripe,
                TcpProxy.to_port(onfleet_port) as onfleet,
            ):
                house.start("service", port=house.port, **_by(stripe, onfleet))
                yield FarProviders(house, stripe, onfleet)
                house.close()


@pytest.fixture
def far(shared_far: FarProviders) -> Iterator[FarProviders]:
    yield shared_far
    shared_far.stripe.mend()
    shared_far.onfleet.mend()


@pytest.mark.parametrize("fault", FAULTS)
def test_given_a_bad_network_to_the_providers_when_booked_and_paid_then_charged_and_driven_once(
    far: FarProviders, fault: str
) -> None:
    house, order = far.house, an_order(far.house.next_open_date())

    FAULTS[fault](far.stripe)
    with ThreadPoolExecutor() as threads:
        booking = threads.submit(house.guest.books, order)
        eventually(lambda: booking.done() or far.stripe.held, within_s=SOON_S)
        far.stripe.mend()
        booked = booking.result()
    intent_id = booked.intent_id or _ask_for_an_intent(booked, house)
    FAULTS[fault](far.onfleet)
    house.stripe.pay(intent_id)
    house.wait_for_status(booked.id, "confirmed", within_s=LATER_S)
    eventually(lambda: _was_tried(booked, far), within_s=SOON_S)
    far.onfleet.mend()
    house.let_time_pass()

    eventually(lambda: _driven(booked, house) == LEGS, within_s=LATER_S)
    assert_confirmed(booked.id, house)
    assert _tasks(booked, house) == LEGS
    assert "request_failed" not in house.output()


def _ask_for_an_intent(booked: Booked, house: House) -> str:
    def ask() -> str | None:
        answer = house.guest.create_intent(booked)
        assert answer.status_code in (200, 503), answer.text
        return str(answer.json().get("payment_intent_id") or "")

    return eventually(ask, within_s=SOON_S)


def _was_tried(booked: Booked, far: FarProviders) -> bool:
    """Tell whether the tasks are made, or making them was tried and failed, or hangs."""
    query = (
        "SELECT id FROM owed_effects WHERE kind = 'create_courier_tasks'"
        " AND payload ->> 'booking_id' = %s AND (state = 'done' OR last_error IS NOT NULL)"
    )
    return bool(far.onfleet.held or far.house.rows(query, booked.id))


def _driven(booked: Booked, house: House) -> int:
    query = "SELECT id FROM courier_tasks WHERE booking_id = %s AND onfleet_task_id IS NOT NULL"
    return len(house.rows(query, booked.id))


def _tasks(booked: Booked, house: House) -> int:
    """Count the booking's tasks as Onfleet has them."""
    query = "SELECT id FROM sandbox.onfleet_objects WHERE kind = 'task' AND body::text LIKE %s"
    return len(house.rows(query, f"%{booked.id}%"))


def _port_in(address: str) -> int:
    """Return the port of the first address in a text."""
    return int(address.rpartition("//")[2].partition("/")[0].rpartition(":")[2])


def _by(stripe: TcpProxy, onfleet: TcpProxy) -> dict[str, str]:
    return {
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe.port}/sandbox/stripe",
        "ONFLEET_API_BASE": f"http://127.0.0.1:{onfleet.port}{ONFLEET_PATH}",
        "ONFLEET_API_KEY": "a-key-of-the-sandbox",
        "ONFLEET_WEBHOOK_SECRET": ONFLEET_SECRET,
        "ONFLEET_MOCK_MODE": "false",
    }
