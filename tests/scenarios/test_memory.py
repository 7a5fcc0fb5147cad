"""A process that has answered much needs no more memory than one that has answered little."""

import os
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Final

from tests.scenarios.guest import NOT_PRICED, an_order
from tests.scenarios.house import House
from tests.scenarios.steady_load import ask_all, asked

SOAK: Final = bool(os.environ.get("TOTETAXI_SOAK"))
FIRST: Final = 100_000 if SOAK else 1_500
"""So many fill what is kept on purpose: pools, compiled statements, the allocator's own room."""
MORE: Final = 1_000_000 if SOAK else 1_500
GROWTH_BYTES: Final = 24 * 1024**2 if SOAK else 6 * 1024**2


def test_given_a_service_that_is_warm_when_asked_very_often_then_its_memory_stays_flat(
    empty_house: House,
) -> None:
    house = empty_house
    service = house.start("service_without_worker", LOG_LEVEL="WARNING")
    asking = _requests(house)
    answers = ask_all(house.port, islice(asking, FIRST))
    before = _resident_bytes(service.pid)

    answers += ask_all(house.port, islice(asking, MORE))

    assert answers.total() == FIRST + MORE
    assert set(answers) == {200, 400, 401, 404}
    assert _resident_bytes(service.pid) - before < GROWTH_BYTES


def _requests(house: House) -> Iterator[bytes]:
    """Yield requests of every kind, no two alike, as a careless or hostile world sends them."""
    order = an_order(house.next_open_date())
    booked = house.guest.books(order)
    priced = {name: value for name, value in order.items() if name not in NOT_PRICED}
    day = f"start_date={order['pickup_date']}&end_date={order['pickup_date']}"
    service = f"service_type=mini_move&mini_move_package_id={order['mini_move_package_id']}"
    for number in count():
        mark = f"x-request-id: soak-{number}\r\nx-manage-token: none-{number}\r\n"
        yield asked("POST", "/api/public/pricing-preview/", body=priced, headers=mark)
        yield asked("GET", f"/api/public/calendar/availability?{day}&{service}", headers=mark)
        yield asked("GET", "/api/public/services", headers=mark)
        yield asked("GET", f"/api/public/booking-status/{booked.number}", headers=mark)
        yield asked("GET", f"/api/public/service-area/{number % 100_000:05}", headers=mark)
        yield asked("GET", f"/api/public/booking-status/TT-{number:08}", headers=mark)
        yield asked("GET", "/api/public/manage", headers=mark)
        yield asked("GET", f"/nothing/here/{number}", headers=mark)
        yield asked("POST", "/api/public/guest-booking", body={f"odd_{number}": 1}, headers=mark)
        yield asked("GET", f"/api/public/services?odd_{number}=1", headers=mark)


def _resident_bytes(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
