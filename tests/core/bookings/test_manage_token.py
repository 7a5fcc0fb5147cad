import re
from uuid import UUID

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.bookings.look_up import look_up_managed, look_up_status
from totetaxi_core.bookings.manage_token import ManageTokenError, ManageTokens

BOOKING_ID = UUID("6f0d9c1e-5a53-4a3f-9d0e-3f1f4c1b2a77")
TOKENS = ManageTokens("the secret")


def test_given_a_booking_when_its_token_is_derived_then_it_never_changes() -> None:
    token = TOKENS.token(BOOKING_ID)

    assert token == "bw2cHlpTSj-dDj8fTBsqdw.6rp1dKTPsbGfjokUfMeg4_Th5JN9HLqk51ZwuMggPt4"
    assert re.fullmatch(r"[\w-]{22}\.[\w-]{43}", token)
    assert ManageTokens("the secret").booking_id(token) == BOOKING_ID


def test_given_a_token_when_checked_against_another_booking_then_it_is_refused() -> None:
    token = TOKENS.token(BOOKING_ID)

    TOKENS.check(token, BOOKING_ID)
    with pytest.raises(ManageTokenError) as refused:
        TOKENS.check(token, an_id())

    assert refused.value.code == "invalid_manage_token"


def test_given_a_new_secret_when_the_previous_is_kept_then_old_tokens_still_open() -> None:
    old = TOKENS.token(BOOKING_ID)
    rotated = ManageTokens("a new secret", previous_secret="the secret")

    assert rotated.booking_id(old) == BOOKING_ID
    assert rotated.token(BOOKING_ID) != old
    with pytest.raises(ManageTokenError):
        ManageTokens("a new secret").booking_id(old)


def test_given_a_token_when_any_character_is_altered_then_it_is_refused() -> None:
    token = TOKENS.token(BOOKING_ID)

    for position, character in enumerate(token):
        altered = token[:position] + ("A" if character != "A" else "B") + token[position + 1 :]
        with pytest.raises(ManageTokenError):
            TOKENS.booking_id(altered)
        with pytest.raises(ManageTokenError):
            TOKENS.booking_id(token[:position] + token[position + 1 :])

    assert TOKENS.booking_id(token) == BOOKING_ID


@pytest.mark.parametrize(
    "garbage",
    ["", ".", "..", "x", "a.b.c", "é.ü", "\x00", "\ud800.\udfff", "A" * 100_000, "=.=", "a b"],
)
def test_given_garbage_when_read_then_it_is_refused(garbage: str) -> None:
    with pytest.raises(ManageTokenError):
        TOKENS.booking_id(garbage)


def test_given_no_token_when_checked_then_it_is_refused() -> None:
    with pytest.raises(ManageTokenError):
        TOKENS.check(None, BOOKING_ID)


async def test_given_a_guest_when_they_look_up_then_token_and_number_lead_to_the_booking() -> None:
    house = await a_house()
    booked = await house.book_order()

    managed = await look_up_managed(booked.manage_token, house.ports, house.terms)
    status = await look_up_status(booked.booking.booking_number.lower(), house.ports)

    assert managed == status == booked.booking


async def test_given_nothing_of_ours_when_looked_up_then_it_is_refused() -> None:
    house = await a_house()

    with pytest.raises(ManageTokenError):
        await look_up_managed(None, house.ports, house.terms)
    with pytest.raises(BookingNotFoundError):
        await look_up_managed(house.terms.manage_tokens.token(an_id()), house.ports, house.terms)
    with pytest.raises(BookingNotFoundError):
        await look_up_status("TT-00000000", house.ports)
