"""From wanting an account to having one: by the mail's link alone, and once."""

from datetime import timedelta

import pytest

from tests.builders import DEFAULT_BOOK
from tests.core.customers.customer_house import (
    BETTER,
    EMAIL,
    CustomerHouse,
    a_customer_house,
)
from tests.core.staff.staffing import PASSWORD
from totetaxi_core.accounts.credentials import InvalidCredentialsError
from totetaxi_core.customers.account_token import AccountTokenError, TokenPurpose
from totetaxi_core.customers.verify_email import resend_verification
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.refusal import InvalidInputError

OTHER = "Bea@Example.com"


def accounts(house: CustomerHouse) -> list[str]:
    return [customer.email for customer in house.database.customers.rows.values()]


async def test_given_a_registration_when_its_link_is_used_then_there_is_an_account() -> None:
    house = await a_customer_house()
    await house.register()
    with pytest.raises(InvalidCredentialsError):
        await house.log_in_customer()

    customer = await house.verify(await house.mailed_token(MessageKind.VERIFY_EMAIL))

    login = await house.log_in_customer("ada.customer@EXAMPLE.com")
    assert login.customer == customer == house.customer(customer)
    assert (customer.email, customer.full_name) == (EMAIL, "Ada Customer")
    assert customer.phone == "+12125550123"
    assert customer.password_hash != PASSWORD
    assert house.database.registrations.rows == {}


async def test_given_a_used_link_when_used_again_then_it_is_refused() -> None:
    house = await a_customer_house()
    await house.register()
    token = await house.mailed_token(MessageKind.VERIFY_EMAIL)
    await house.verify(token)

    with pytest.raises(AccountTokenError) as refused:
        await house.verify(token)

    assert refused.value.code == "invalid_account_token"
    assert accounts(house) == [EMAIL]


async def test_given_a_day_gone_when_the_link_is_used_then_it_has_lapsed() -> None:
    house = await a_customer_house()
    await house.register()
    token = await house.mailed_token(MessageKind.VERIFY_EMAIL)
    house.clock.advance(timedelta(hours=24))

    with pytest.raises(AccountTokenError):
        await house.verify(token)

    assert accounts(house) == []


async def test_given_two_registrations_when_one_is_verified_then_the_other_is_dead() -> None:
    house = await a_customer_house()
    await house.register(password="Attack-me-1")
    attackers = await house.mailed_token(MessageKind.VERIFY_EMAIL)
    house.clock.advance(timedelta(minutes=1))
    await house.register(email=EMAIL.upper())
    own = await house.mailed_token(MessageKind.VERIFY_EMAIL)

    customer = await house.verify(own)

    with pytest.raises(AccountTokenError):
        await house.verify(attackers)
    with pytest.raises(InvalidCredentialsError):
        await house.log_in_customer(password="Attack-me-1")
    assert (await house.log_in_customer()).customer.id == customer.id


async def test_given_an_account_when_its_address_is_registered_then_its_owner_alone_is_told() -> (
    None
):
    house = await a_customer_house()
    customer = await house.take_in()

    await house.register(email=EMAIL.lower(), password=BETTER)

    [mail] = await house.mails()
    assert (mail.kind, mail.to) == (MessageKind.ALREADY_REGISTERED, EMAIL)
    assert "https://totetaxi.example/reset-password" in mail.text.splitlines()
    assert "token" not in mail.text
    assert house.customer(customer) == customer
    assert house.database.registrations.rows == {}


async def test_given_a_deleted_account_when_its_address_is_registered_then_it_is_free() -> None:
    house = await a_customer_house()
    await house.erase(await house.take_in())
    await house.register()

    customer = await house.verify(await house.mailed_token(MessageKind.VERIFY_EMAIL))

    assert customer.email == EMAIL


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"password": "short1A"}, ["password too_short"]),
        ({"password": "no digit Here"}, ["password no_digit"]),
        ({"password": "no upper case 1"}, ["password no_upper_case"]),
        ({"email": "a@Tempmail.com"}, ["email disposable_email"]),
        (
            {"email": "a@10minutemail.com", "password": "x"},
            [
                "email disposable_email",
                "password too_short",
                "password no_digit",
                "password no_upper_case",
            ],
        ),
    ],
)
async def test_given_what_the_rules_forbid_when_registered_then_each_fault_is_named(
    changes: dict[str, str], codes: list[str]
) -> None:
    house = await a_customer_house()

    with pytest.raises(InvalidInputError) as refused:
        await house.register(**changes)

    assert [f"{fault.field} {fault.code}" for fault in refused.value.faults] == codes
    assert house.owed_messages() == []
    assert house.database.registrations.rows == {}


async def test_given_a_lost_mail_when_sent_again_then_its_link_is_good_for_another_day() -> None:
    house = await a_customer_house()
    await house.register()
    first = await house.mailed_token(MessageKind.VERIFY_EMAIL)
    house.clock.advance(timedelta(hours=30))

    await resend_verification(EMAIL.upper(), house.ports, house.credentials)

    assert [mail.kind for mail in await house.mails()] == [MessageKind.VERIFY_EMAIL] * 2
    house.clock.advance(timedelta(hours=23))
    assert await house.mailed_token(MessageKind.VERIFY_EMAIL) == first
    assert (await house.verify(first)).email == EMAIL


async def test_given_nobody_who_waits_when_sent_again_then_no_mail_goes() -> None:
    house = await a_customer_house()
    await house.take_in()

    await resend_verification(EMAIL, house.ports, house.credentials)
    await resend_verification(OTHER, house.ports, house.credentials)

    assert await house.mails() == []
    assert await house.mails(OTHER) == []


async def test_given_registrations_that_lapsed_a_week_ago_when_another_comes_then_they_go() -> None:
    house = await a_customer_house()
    await house.register()
    house.clock.advance(timedelta(days=8, seconds=1))

    await house.register(email=OTHER)

    [left] = house.database.registrations.rows.values()
    assert left.email == OTHER


async def test_given_a_guest_s_booking_when_the_address_is_verified_then_it_joins() -> None:
    house = await a_customer_house()
    await house.publish(DEFAULT_BOOK, based_on=0)
    booking = await house.book_without_intent()
    await house.register(email=booking.contact.email.upper())
    token = await house.mailed_token(MessageKind.VERIFY_EMAIL, booking.contact.email)

    customer = await house.verify(token)

    assert house.booking(booking.id).customer_id == customer.id


async def test_given_any_address_when_an_account_is_asked_for_then_the_work_is_one_hash() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.register(email=OTHER)
    waiting = await house.mailed_token(MessageKind.VERIFY_EMAIL, OTHER)
    used = house.terms.account_tokens.token(TokenPurpose.VERIFY, house.root.id)
    work = []

    for email in (EMAIL, OTHER, "nobody@example.com"):
        before = house.hasher.work
        await house.register(email=email)
        work.append(house.hasher.work - before)
        await resend_verification(email, house.ports, house.credentials)
        work.append(house.hasher.work - before - work[-1])
    for token in (waiting, used):
        before = house.hasher.work
        try:
            await house.verify(token)
        except AccountTokenError:
            assert token == used
        work.append(house.hasher.work - before)

    assert work == [1] * 8
