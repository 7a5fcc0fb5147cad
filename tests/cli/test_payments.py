"""Payment links on the command line."""

from collections.abc import Iterator

import httpx
import pytest

from tests.cli.conftest import Processes, Runner, address_in, open_starts, order_of, ready_line

AS_MARIA = ("--as", "maria")
DEADLINE_S = 30


@pytest.fixture
def service(processes: Processes) -> Iterator[httpx.Client]:
    url = address_in(ready_line(processes.start("serve", "--port", "0")))
    with httpx.Client(base_url=url, trust_env=False, timeout=DEADLINE_S) as http:
        yield http


@pytest.fixture
def totetaxi_here(totetaxi: Runner, service: httpx.Client) -> Runner:
    """The command line, beside a service whose sandbox it finds."""
    port = str(service.base_url.port)
    return Runner(
        environ={**totetaxi.environ, "PORT": port},
        capture=totetaxi.capture,
        patch=totetaxi.patch,
    )


def book(totetaxi: Runner) -> str:
    order = order_of(*open_starts(totetaxi)[-1])
    made = totetaxi("bookings", "create", *AS_MARIA, *order, "--json")
    assert made.code == 0, made.err
    number: str = made.json["booking"]["booking_number"]
    return number


def test_given_a_booking_when_its_link_is_sent_twice_then_the_link_leads_to_a_page_that_is_new(
    totetaxi_here: Runner, service: httpx.Client
) -> None:
    number = book(totetaxi_here)

    first = totetaxi_here("payments", "link", number, *AS_MARIA, "--json").json
    opened = service.get(first["url"]).headers["location"]
    again = totetaxi_here("payments", "link", number, *AS_MARIA)
    new = service.get(first["url"]).headers["location"]

    file = totetaxi_here("bookings", "show", number, *AS_MARIA, "--json").json
    assert (first["booking_number"], first["has_replaced"]) == (number, False)
    assert first["lapses_at"] == file["booking"]["hold_expires_at"]
    assert first["url"] in again.out
    assert first["lapses_at"][:16].replace("T", " ") in again.out
    assert "the page opened before is closed" in again.out
    assert opened != new
    assert service.get(new).status_code == 200
    assert "payment_link" in str(file)


def test_given_a_cancelled_booking_when_its_link_is_asked_for_then_it_is_refused_in_one_line(
    totetaxi_here: Runner,
) -> None:
    number = book(totetaxi_here)
    totetaxi_here("bookings", "cancel", number, *AS_MARIA, "--yes")

    refused = totetaxi_here("payments", "link", number, *AS_MARIA)

    assert refused.code == 1
    assert refused.err.startswith("invalid_transition: ")
    assert len(refused.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("TT-0000000A", *AS_MARIA), 1, "booking_not_found: "),
        (("TT-0000000A", "--as", "guest"), 2, "--as"),
        (("TT-0000000A",), 2, "--as"),
    ],
)
def test_given_no_such_booking_or_nobody_when_a_link_is_asked_for_then_it_is_refused(
    totetaxi: Runner, arguments: tuple[str, ...], code: int, said: str
) -> None:
    refused = totetaxi("payments", "link", *arguments)

    assert refused.code == code
    assert said in refused.err
