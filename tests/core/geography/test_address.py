from dataclasses import replace

import pytest

from totetaxi_core.geography.address import Address

HOME = Address(
    address_line_1="1 Main St.",
    address_line_2="Apt 4",
    city="New York",
    state="NY",
    zip_code="10001-1234",
)


def test_given_another_spelling_when_compared_then_it_is_the_same_door() -> None:
    other = Address(
        address_line_1="1  MAIN st",
        address_line_2="apt 4,",
        city="new york",
        state="ny",
        zip_code="10001",
        delivery_instructions="ring twice",
    )

    assert HOME.door == other.door


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, address_line_1="2 Main St."),
        replace(HOME, address_line_2="Apt 5"),
        replace(HOME, zip_code="10002"),
    ],
)
def test_given_another_street_unit_or_zip_when_compared_then_it_is_another_door(
    other: Address,
) -> None:
    assert HOME.door != other.door


def test_given_an_address_when_written_then_empty_lines_leave_no_comma() -> None:
    plain = replace(HOME, address_line_2="")

    assert HOME.formatted == "1 Main St., Apt 4, New York, NY 10001-1234"
    assert plain.formatted == "1 Main St., New York, NY 10001-1234"
