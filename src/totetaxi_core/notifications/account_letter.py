"""Letters about an account, to whoever has it or wants one."""

from datetime import datetime
from uuid import UUID

from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.owed_letter import ABOUT
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.registration import Registration
from totetaxi_core.notifications.letter import SIGNATURE, Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import ACCOUNT_MARK
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork

ACCOUNT_LETTERS = frozenset(
    {
        MessageKind.VERIFY_EMAIL,
        MessageKind.ALREADY_REGISTERED,
        MessageKind.PASSWORD_RESET,
        MessageKind.PASSWORD_CHANGED,
    }
)


async def write_account_letter(
    kind: MessageKind, effect: OwedEffect, terms: Terms, uow: UnitOfWork
) -> Letter | None:
    """Write the letter; None where what it is about is gone, and nobody waits for it."""
    about_id = UUID(effect.payload[ABOUT])
    if kind is MessageKind.VERIFY_EMAIL:
        registration = await uow.registrations.find(about_id, lock=True)
        return None if registration is None else _verify(registration, terms)
    reset = None
    if kind is MessageKind.PASSWORD_RESET:
        reset = await uow.password_resets.find(about_id)
        if reset is None:
            return None
    owner_id = about_id if reset is None else reset.customer_id
    customer = await uow.customers.get(owner_id, lock=True)
    if customer.deleted_at is not None:
        return None
    if reset is not None:
        return _reset(customer, reset, terms)
    if kind is MessageKind.PASSWORD_CHANGED:
        return _changed(customer, effect.created_at, terms)
    return _already(customer, terms)


def _verify(registration: Registration, terms: Terms) -> Letter:
    """Write without any word of whoever registered: they may be somebody else, to annoy."""
    body = (
        f"An account was asked for with this address, {_when(registration.created_at, terms)}. "
        "If that was you, confirm your address:\n"
        f"{terms.public_url}/verify-email?token={ACCOUNT_MARK}\n\n"
        f"The link is good once, until {_when(registration.expires_at, terms)}. If it was not "
        "you, do not use it: whoever asked has chosen the password. Without it there will be no "
        "account."
    )
    return Letter(
        to=registration.email,
        subject="Confirm your e-mail address",
        text=f"Hello,\n\n{body}{SIGNATURE}",
        token_id=registration.id,
    )


def _already(customer: Customer, terms: Terms) -> Letter:
    body = (
        "An account was asked for with this address, and you have one already. If that was you, "
        f"log in, or choose a new password:\n{_new_password(terms)}\n\n"
        "If it was not you, you need not do anything: nobody was told that you have an account."
    )
    return _to(customer, "You have an account already", body)


def _reset(customer: Customer, reset: PasswordReset, terms: Terms) -> Letter:
    body = (
        f"To choose a new password:\n{_new_password(terms)}?token={ACCOUNT_MARK}\n\n"
        f"The link is good once, until {_when(reset.expires_at, terms)}. If you did not ask for "
        "it, you need not do anything: your password stays as it is."
    )
    return _to(customer, "Choose a new password", body, token_id=reset.id)


def _changed(customer: Customer, changed_at: datetime, terms: Terms) -> Letter:
    body = (
        f"Your password was changed, {_when(changed_at, terms)}. Every device is logged out; log "
        "in with the new one.\n\n"
        f"If it was not you, choose a new password at once:\n{_new_password(terms)}\n"
        f"and call {terms.limits.support_phone}."
    )
    return _to(customer, "Your password was changed", body)


def _to(customer: Customer, subject: str, body: str, *, token_id: UUID | None = None) -> Letter:
    text = f"Dear {customer.first_name},\n\n{body}{SIGNATURE}"
    return Letter(to=customer.email, subject=subject, text=text, token_id=token_id)


def _new_password(terms: Terms) -> str:
    return f"{terms.public_url}/reset-password"


def _when(instant: datetime, terms: Terms) -> str:
    local = instant.astimezone(terms.zone)
    return f"{local:%B} {local.day} at {local:%H:%M}"
