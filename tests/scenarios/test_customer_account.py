"""An account from its first mail to its second password, as a program at the API sees it."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

import pytest

from tests.scenarios.customer import PASSWORD, a_registration, an_account, log_in, mailed_token
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Json, an_order
from tests.scenarios.house import House, open_house

BETTER: Final = "Better-horse-2"
numbers: Final = count(1)


@pytest.fixture(scope="module")
def house(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house whose service has the sandbox beside it, which shows the mails."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as opened:
        opened.start(STRIPE_API_BASE="")
        yield opened


def an_address_of_mail() -> str:
    return f"Customer{next(numbers)}@Example.com"


def bearer(login: Json) -> dict[str, str]:
    return {"Authorization": f"Bearer {login['access_token']}"}


def test_given_a_stranger_when_registered_verified_and_logged_in_then_all_of_it_holds(
    house: House,
) -> None:
    guest, email = house.guest, an_address_of_mail()
    registered = guest.post("customer/register/", a_registration(email))
    too_early = log_in(guest, email)
    token = mailed_token(guest, email, kind="verify_email", page="verify-email")
    verified = [guest.post("customer/verify-email/", {"token": token}) for _ in range(2)]

    login = log_in(guest, email.upper()).json()
    renewed = guest.post("customer/token/refresh/", {"refresh_token": login["refresh_token"]})
    changed = guest.post(
        "customer/password/change/",
        {"current_password": PASSWORD, "new_password": BETTER},
        bearer(renewed.json()),
    )

    old = [
        guest.post("customer/logout/", {}, bearer(each)).status_code
        for each in (login, renewed.json())
    ]
    refreshed = guest.post(
        "customer/token/refresh/", {"refresh_token": renewed.json()["refresh_token"]}
    )
    passwords = [log_in(guest, email, each).status_code for each in (PASSWORD, BETTER)]
    assert (registered.status_code, too_early.status_code) == (201, 401)
    assert "token" not in registered.text
    assert [answer.status_code for answer in verified] == [200, 400]
    assert verified[1].json()["error_type"] == "invalid_account_token"
    assert login["user_profile"]["full_name"] == "Ada Lovelace"
    assert login["user_profile"]["phone"] == "+12127365000"
    assert (renewed.status_code, changed.status_code) == (200, 200)
    assert (old, refreshed.status_code, passwords) == ([401, 401], 401, [401, 200])
    eventually(lambda: guest.mails(email, "password_changed"), within_s=20)


def test_given_a_forgotten_password_when_reset_by_mail_then_the_new_one_is_good(
    house: House,
) -> None:
    guest, email = house.guest, an_address_of_mail()
    login = an_account(guest, email)
    asked = [
        guest.post("customer/password/reset/", {"email": each}).text
        for each in (email.lower(), "nobody@example.com")
    ]
    token = mailed_token(guest, email, kind="password_reset", page="reset-password")
    body = {"token": token, "new_password": BETTER}

    reset = [guest.post("customer/password/reset/confirm/", body) for _ in range(2)]

    assert asked[0] == asked[1]
    assert [answer.status_code for answer in reset] == [200, 400]
    assert guest.post("customer/logout/", {}, bearer(login)).status_code == 401
    assert log_in(guest, email, BETTER).status_code == 200
    assert guest.mails("nobody@example.com", "password_reset") == []


def test_given_an_account_when_its_address_registers_again_then_the_mail_alone_says_so(
    house: House,
) -> None:
    guest, email = house.guest, an_address_of_mail()
    first = guest.post("customer/register/", a_registration(email))
    token = mailed_token(guest, email, kind="verify_email", page="verify-email")
    guest.post("customer/verify-email/", {"token": token})

    again = guest.post("customer/register/", a_registration(email.lower(), password_confirm=BETTER))
    repeated = guest.post("customer/register/", a_registration(email.lower()))

    assert again.json()["details"][0]["field"] == "password_confirm"
    assert (repeated.status_code, repeated.text) == (first.status_code, first.text)
    eventually(lambda: guest.mails(email, "already_registered"), within_s=20)


def test_given_a_guest_s_booking_when_the_address_is_verified_then_it_is_the_account_s(
    house: House,
) -> None:
    guest, email = house.guest, an_address_of_mail()
    booked = guest.books(an_order(house.next_open_date(), email=email.lower()))

    login = an_account(guest, email)

    customer_id = str(house.booking(booked.id)["customer_id"])
    assert customer_id == login["user_profile"]["id"]


def test_given_an_account_s_whole_life_when_the_tables_are_read_then_no_secret_is_in_them(
    house: House,
) -> None:
    guest, email = house.guest, an_address_of_mail()
    guest.post("customer/register/", a_registration(email))
    verify = mailed_token(guest, email, kind="verify_email", page="verify-email")
    guest.post("customer/verify-email/", {"token": verify})
    login = log_in(guest, email).json()
    guest.post("customer/password/reset/", {"email": email})
    reset = mailed_token(guest, email, kind="password_reset", page="reset-password")
    names = [row["name"] for row in house.rows(TABLES)]

    stored = "".join(str(house.rows('TABLE "' + name + '"')) for name in names)

    secrets = [verify, reset, PASSWORD, login["access_token"], login["refresh_token"]]
    ends = [re.split(r"[.]", secret)[-1] for secret in secrets]
    assert email.lower() in stored.lower()
    assert [secret for secret in (*secrets, *ends) if secret in stored] == []
    assert [secret for secret in (*secrets, *ends) if secret in house.output()] == []


def test_given_two_services_when_one_address_registers_too_often_then_both_refuse_it(
    empty_house: House,
) -> None:
    limits = {
        "RATELIMIT_ENABLE": "true",
        "RATELIMIT_REGISTER": "3/hour",
        "RATELIMIT_RESET": "2/hour",
    }
    guests = [empty_house.start_another(**limits) for _ in range(2)]

    registered = [
        guests[number % 2].post("customer/register", a_registration("Ada@example.com")).status_code
        for number in range(5)
    ]
    resets = [
        guests[number % 2].post("customer/password/reset", {"email": "ada@example.com"}).status_code
        for number in range(3)
    ]

    assert registered == [201] * 3 + [429] * 2
    assert resets == [200] * 2 + [429]


TABLES: Final = """
    SELECT relname AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
