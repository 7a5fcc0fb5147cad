"""Which addresses are sent in parts, and which as they were written."""

from dataclasses import replace

import pytest

from tests.adapters.onfleet.courier_orders import ADDRESS
from totetaxi_adapters.onfleet.destination import destination_of, mark_of


def test_given_number_and_street_when_sent_then_in_parts_with_the_point() -> None:
    destination = destination_of(ADDRESS)

    assert destination == {
        "address": {
            "number": "350",
            "street": "5th Avenue",
            "apartment": "Suite 3300",
            "city": "New York",
            "state": "NY",
            "postalCode": "10118",
            "country": "USA",
        },
        "location": [-73.985656, 40.748433],
        "notes": "Service entrance on 33rd St",
    }


@pytest.mark.parametrize(
    ("line", "house", "street"),
    [
        ("1 Main St", "1", "Main St"),
        ("  15   Montauk  Highway ", "15", "Montauk Highway"),
        ("230 E. 86th Street", "230", "E. 86th Street"),
        ("22 O'Brien's Path", "22", "O'Brien's Path"),
        ("7 2nd Ave", "7", "2nd Ave"),
    ],
)
def test_given_a_plain_line_when_sent_then_number_and_street_are_apart(
    line: str, house: str, street: str
) -> None:
    address = destination_of(replace(ADDRESS, address_line_1=line))["address"]

    assert isinstance(address, dict)
    assert (address["number"], address["street"]) == (house, street)


@pytest.mark.parametrize(
    "line",
    [
        "12-34 56th Ave",
        "One Vanderbilt",
        "5 1/2 Main St",
        "350 5th Avenue, Suite 3300",
        "350 5th Avenue Apt 4B",
        "PO Box 12",
        "100 200 Something",
        "350",
        "12A Main St",
    ],
)
def test_given_any_other_line_when_sent_then_as_written_and_without_a_point(line: str) -> None:
    destination = destination_of(replace(ADDRESS, address_line_1=line))

    assert destination["address"] == {
        "unparsed": f"{line}, New York, NY 10118, USA",
        "apartment": "Suite 3300",
    }
    assert "location" not in destination


def test_given_an_address_when_marked_then_only_another_place_has_another_mark() -> None:
    mark = mark_of(ADDRESS)

    assert mark == mark_of(replace(ADDRESS, address_line_1="350  5th Avenue"))
    assert mark != mark_of(replace(ADDRESS, address_line_1="351 5th Avenue"))
    assert mark != mark_of(replace(ADDRESS, delivery_instructions="Front door"))
