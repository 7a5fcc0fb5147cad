"""A customer with an account and a browser, on a house whose service has the sandbox beside it."""

import re
from itertools import count
from typing import Any, Final

import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Guest, Json
from tests.scenarios.guest import an_order as a_guest_order
from tests.scenarios.stripe_account import GOOD_CARD

PASSWORD: Final = "Correct-horse-1"
CONTACT: Final = ("first_name", "last_name", "email", "phone")
MAILED: Final = r"/{page}\?token=(\S+)"
customer_numbers: Final = count(1)


def an_order(on: object, **changes: object) -> Json:
    """A petite mini move at nine; None leaves a field out."""
    order = a_guest_order(str(on)) | changes
    left_out = {name for name, value in changes.items() if value is None} | set(CONTACT)
    return {name: value for name, value in order.items() if name not in left_out}


def a_registration(email: str, **changes: str) -> Json:
    return {
        "email": email,
        "password": PASSWORD,
        "password_confirm": PASSWORD,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "(212) 736-5000",
        **changes,
    }


def mailed_token(guest: Guest, email: str, *, kind: str, page: str) -> str:
    """Wait for the mail and return the token of its link."""
    mails = eventually(lambda: guest.mails(email, kind), within_s=20)
    found = re.search(MAILED.format(page=page), mails[-1])
    assert found is not None, mails[-1]
    return found[1]


def log_in(guest: Guest, email: str, password: str = PASSWORD) -> httpx.Response:
    return guest.post("customer/login/", {"email": email, "password": password})


def an_account(guest: Guest, email: str) -> Json:
    """Register and verify; return what logging in answers."""
    registered = guest.post("customer/register/", a_registration(email))
    assert registered.status_code == 201, registered.text
    token = mailed_token(guest, email, kind="verify_email", page="verify-email")
    verified = guest.post("customer/verify-email/", {"token": token})
    assert verified.status_code == 200, verified.text
    login: Json = log_in(guest, email).json()
    return login


class Customer:
    """Registers, verifies by the mail, logs in, and calls with that login."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self.email = f"owner{next(customer_numbers)}@example.com"
        login = an_account(guest, self.email)
        self._headers = {"Authorization": f"Bearer {login['access_token']}"}

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return self._guest.post(path, body, self._headers | headers)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._guest.http.get(f"/api/{path}", params=query, headers=self._headers)

    def books(self, on: object, **changes: object) -> Json:
        """Book, and be sure that it worked."""
        answer = self.post("customer/bookings/", an_order(on, **changes))
        assert answer.status_code == 201, answer.text
        told: Json = answer.json()
        return told

    def saves_address(self, **address: Any) -> str:  # noqa: ANN401  any field of an address
        answer = self.post("customer/addresses/", {"nickname": "Home", **address})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def saves_card(self, card: str = GOOD_CARD) -> str:
        """Save a card as the browser does, by the sandbox."""
        setup = self.post("customer/payment-methods/setup-intent/", {}).json()
        done = self._guest.http.post(
            "/sandbox/stripe/setup",
            json={"setup_intent_id": setup["setup_intent_id"], "card": card},
        )
        assert done.is_success, done.text
        answer = self.post(
            "customer/payment-methods/", {"setup_intent_id": setup["setup_intent_id"]}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def pays(self, payment: Json, card: str = GOOD_CARD) -> None:
        """Pay an intent with a card typed into the browser."""
        done = self._guest.http.post(
            "/sandbox/stripe/pay",
            json={"payment_intent_id": payment["payment_intent_id"], "card": card},
        )
        assert done.is_success, done.text
