"""Guests who come back until they are served, and how it must end for them."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import closing
from typing import Final

import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Guest, Json
from tests.scenarios.house import House

CONFIRMED_MAIL: Final = ("booking_received", "booking_confirmed", "receipt")
COME_BACK: Final = (503, "database_unavailable", "5")
SOON_S: Final = 60
LATER_S: Final = 120
A_ROUND_S: Final = 25


def insist(order: Json, house: House, refused: list[int]) -> Json:
    """Book until there is an intent, and pay it; `refused` gets the status of each refusal."""
    with closing(Guest(house.url)) as guest:

        def attempt() -> Json | None:
            answer = guest.book(order)
            told: Json = answer.json()
            if answer.status_code in (200, 201) and told["payment"]:
                return told
            if answer.status_code >= 500:
                assert answer.headers.get("Retry-After"), answer.text
                refused.append(answer.status_code)
            return None

        answer = eventually(attempt, within_s=LATER_S)
    booking: Json = answer["booking"]
    intent_id = str(answer["payment"]["payment_intent_id"])
    eventually(lambda: house.stripe.pay(intent_id).is_success, within_s=SOON_S)
    return booking


def all_done(insisting: Sequence[Future[Json]]) -> bool:
    return all(each.done() for each in insisting)


def assert_confirmed(booking_id: str, house: House) -> None:
    """Look again and again after a minute: what was at hand as all broke is leased for so long."""

    def is_confirmed() -> bool:
        house.let_attempt_age(booking_id)
        house.let_time_pass()
        try:
            house.wait_for_status(booking_id, "confirmed", within_s=A_ROUND_S)
        except AssertionError:
            return False
        return True

    eventually(is_confirmed, within_s=LATER_S)
    house.let_time_pass()
    house.wait_for_messages(booking_id, *CONFIRMED_MAIL, within_s=SOON_S)
    assert len(house.stripe.charges(booking_id)) == 1


def told(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Return the status, the code of a refusal, and when to come back."""
    code = answer.json().get("error_type", "")
    return answer.status_code, code, answer.headers.get("Retry-After")


def status(path: str, house: House) -> int:
    return house.guest.http.get(path).status_code
