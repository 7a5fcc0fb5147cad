"""Letters about accounts: what they say, whose token they get, and what is kept of it."""

from dataclasses import replace

import pytest

from tests.builders import a_booking, a_message, an_id
from tests.core.bookings.memory_house import PHONE
from tests.core.customers.customer_house import EMAIL, CustomerHouse, a_customer_house
from totetaxi_core.customers.account_token import TokenPurpose
from totetaxi_core.customers.reset_password import confirm_password_reset
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.token_mark import ACCOUNT_MARK, MANAGE_MARK, text_with_tokens

TERMS = CustomerHouse().terms


async def newest(house: CustomerHouse, kind: MessageKind) -> Message:
    return next(mail for mail in await house.mails() if mail.kind is kind)


async def test_given_a_registration_when_written_then_nothing_typed_is_in_its_mail() -> None:
    house = await a_customer_house()
    await house.register(first_name="Buy at http://evil.example")

    mail = await newest(house, MessageKind.VERIFY_EMAIL)

    assert (mail.to, mail.booking_id) == (EMAIL, None)
    assert f"https://totetaxi.example/verify-email?token={ACCOUNT_MARK}" in mail.text.splitlines()
    assert "until November 24 at 10:00" in mail.text
    assert "whoever asked has chosen the password" in mail.text
    assert "evil" not in mail.text


async def test_given_a_reset_when_written_then_the_mail_has_its_link() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()

    mail = await newest(house, MessageKind.PASSWORD_RESET)

    assert f"https://totetaxi.example/reset-password?token={ACCOUNT_MARK}" in mail.text.splitlines()
    assert "until November 23 at 11:00" in mail.text
    assert mail.text.startswith("Dear Ada,\n\n")


async def test_given_a_changed_password_when_written_then_the_mail_says_what_to_do() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    token = await house.mailed_token(MessageKind.PASSWORD_RESET)

    await confirm_password_reset(
        token, "Better-horse-2", house.ports, house.terms, house.credentials
    )

    mail = await newest(house, MessageKind.PASSWORD_CHANGED)
    assert "November 23 at 10:00" in mail.text
    assert "https://totetaxi.example/reset-password" in mail.text.splitlines()
    assert PHONE in mail.text


async def test_given_letters_with_tokens_when_kept_then_no_token_is_stored_anywhere() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    await house.register(email="bea@example.com")
    tokens = [
        await house.mailed_token(MessageKind.PASSWORD_RESET),
        await house.mailed_token(MessageKind.VERIFY_EMAIL, "bea@example.com"),
    ]

    stored = repr(house.stored())

    assert all(token not in stored for token in tokens)
    assert all(token.partition(".")[2] not in stored for token in tokens)
    assert stored.count(ACCOUNT_MARK) == 2


async def test_given_what_a_letter_is_about_gone_when_kept_then_there_is_none() -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    await house.register(email="bea@example.com")
    await house.ask_for_reset()
    await house.register()
    await house.erase(customer)
    async with house.ports.unit_of_work() as uow:
        for registration in [*house.database.registrations.rows]:
            await uow.registrations.remove(registration)
        await uow.commit()

    done = await house.work_off()

    assert done == 3
    assert house.database.messages.rows == {}


def test_given_a_booking_s_letter_when_shown_then_its_own_manage_token_stands_there() -> None:
    booking = a_booking()
    message = replace(a_message(booking=booking), text=f"…?manage_token={MANAGE_MARK}\n")

    text = text_with_tokens(message, TERMS)

    assert text == f"…?manage_token={TERMS.manage_tokens.token(booking.id)}\n"


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (MessageKind.VERIFY_EMAIL, TokenPurpose.VERIFY),
        (MessageKind.PASSWORD_RESET, TokenPurpose.RESET),
    ],
)
def test_given_an_account_s_letter_when_shown_then_the_token_is_for_its_purpose(
    kind: MessageKind, purpose: TokenPurpose
) -> None:
    message = replace(a_message(), kind=kind, token_id=an_id(), text=f"?token={ACCOUNT_MARK}")

    text = text_with_tokens(message, TERMS)

    assert message.token_id is not None
    assert text == f"?token={TERMS.account_tokens.token(purpose, message.token_id)}"


def test_given_marks_that_somebody_typed_when_shown_then_no_other_token_comes_of_them() -> None:
    typed = f"Dear {MANAGE_MARK} {ACCOUNT_MARK} {an_id()},"
    plain = replace(a_message(), text=typed)
    changed = replace(plain, kind=MessageKind.PASSWORD_CHANGED, token_id=an_id())

    assert text_with_tokens(plain, TERMS) == typed
    assert text_with_tokens(changed, TERMS) == typed
