"""Letters about an account, to whoever has it or wants one."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.owed_letter import ABOUT
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.registration import Registration
from totetaxi_core.customers.totals import VIP_FROM_CENTS
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import Draft, Letter, letter_to
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.preferences import wants_mail
from totetaxi_core.notifications.signature import signed
from totetaxi_core.notifications.token_mark import ACCOUNT_MARK
from totetaxi_core.notifications.wording import moment_words
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork


async def write_account_letter(
    kind: MessageKind, effect: OwedEffect, terms: Terms, uow: UnitOfWork
) -> Letter | None:
    """Write the letter; None where what it is about is gone, and nobody waits for it."""
    about_id = UUID(effect.payload[ABOUT])
    if kind is MessageKind.VERIFY_EMAIL:
        registration = await uow.registrations.find(about_id, lock=True)
        return None if registration is None else verify_letter(registration, terms)
    reset = None
    if kind is MessageKind.PASSWORD_RESET:
        reset = await uow.password_resets.find(about_id)
        if reset is None:
            return None
    owner_id = about_id if reset is None else reset.customer_id
    customer = await uow.customers.get(owner_id, lock=True)
    if customer.deleted_at is not None or not wants_mail(kind, customer):
        return None
    if reset is not None:
        return reset_letter(customer, reset, terms)
    return customer_letter(kind, customer, terms, owed_at=effect.created_at)


def customer_letter(
    kind: MessageKind, customer: Customer, terms: Terms, *, owed_at: datetime
) -> Letter | None:
    """Write to the holder of an account; None where it is not so any more."""
    draft = CUSTOMER_LETTERS[kind](customer, owed_at, terms)
    return None if draft is None else letter_to(customer.contact, draft, terms)


def verify_letter(registration: Registration, terms: Terms) -> Letter:
    """Write without any word of whoever registered: they may be somebody else, to annoy."""
    body = (
        "An account was asked for with this address, "
        f"{moment_words(registration.created_at, terms)}. If that was you, confirm your address:\n"
        f"{terms.public_url}/verify-email?token={ACCOUNT_MARK}\n\n"
        f"The link is good once, until {moment_words(registration.expires_at, terms)}. If it "
        "was not you, do not use it: whoever asked has chosen the password. Without it there will "
        "be no account."
    )
    return Letter(
        to=registration.email,
        subject="Confirm your e-mail address",
        text=signed(f"Hello,\n\n{body}", terms),
        token_id=registration.id,
    )


def _already(_customer: Customer, _owed_at: datetime, terms: Terms) -> Draft:
    body = (
        "An account was asked for with this address, and you have one already. If that was you, "
        f"log in, or choose a new password:\n{_new_password(terms)}\n\n"
        "If it was not you, you need not do anything: nobody was told that you have an account."
    )
    return "You have an account already", body


def reset_letter(customer: Customer, reset: PasswordReset, terms: Terms) -> Letter:
    body = (
        f"To choose a new password:\n{_new_password(terms)}?token={ACCOUNT_MARK}\n\n"
        f"The link is good once, until {moment_words(reset.expires_at, terms)}. If you did not "
        "ask for it, you need not do anything: your password stays as it is."
    )
    draft = ("Choose a new password", body)
    return letter_to(customer.contact, draft, terms, token_id=reset.id)


def _changed(_customer: Customer, changed_at: datetime, terms: Terms) -> Draft:
    body = (
        f"Your password was changed, {moment_words(changed_at, terms)}. Every device is logged "
        "out; log in with the new one.\n\n"
        f"If it was not you, choose a new password at once:\n{_new_password(terms)}\n"
        f"and call {terms.limits.support_phone}."
    )
    return "Your password was changed", body


def _welcome(customer: Customer, _owed_at: datetime, terms: Terms) -> Draft:
    joined = (
        " Bookings you made with this address before are in it too."
        if customer.total_bookings
        else ""
    )
    body = (
        f"Your address is confirmed, and your account is ready.{joined} In it you see and move "
        "your bookings, keep addresses and cards for the next one, and choose which messages you "
        "get.\n\n"
        f"To log in:\n{terms.public_url}/login\n\n"
        f"Questions? Call {terms.limits.support_phone}."
    )
    return f"Welcome to {terms.company_name}", body


def _vip(customer: Customer, _owed_at: datetime, terms: Terms) -> Draft | None:
    """Thank who has become a VIP; None when they are none any more, as after a refund."""
    if not customer.is_vip:
        return None
    body = (
        f"You have booked moves for ${dollars(VIP_FROM_CENTS)} or more with us, which makes you a "
        "VIP: our staff know you as one from now on. Thank you.\n\n"
        f"Whatever you need, call {terms.limits.support_phone}."
    )
    return f"You are a {terms.company_name} VIP", body


def _new_password(terms: Terms) -> str:
    return f"{terms.public_url}/reset-password"


CUSTOMER_LETTERS: dict[MessageKind, Callable[[Customer, datetime, Terms], Draft | None]] = {
    MessageKind.ALREADY_REGISTERED: _already,
    MessageKind.PASSWORD_CHANGED: _changed,
    MessageKind.WELCOME: _welcome,
    MessageKind.VIP_STATUS: _vip,
}
ACCOUNT_LETTERS = frozenset(
    {MessageKind.VERIFY_EMAIL, MessageKind.PASSWORD_RESET, *CUSTOMER_LETTERS}
)
