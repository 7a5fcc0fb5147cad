"""Get a new password by mail, when the old one is forgotten."""

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.customers.account_token import AccountTokenError, TokenPurpose
from totetaxi_core.customers.owed_letter import owed_letter
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Ports, Terms


async def request_password_reset(email: str, ports: Ports, credentials: Credentials) -> None:
    """Owe the mail with the link, if the address has an account; it takes as long if not."""
    await credentials.passwords.matches(email, None)  # as long as any other request
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.find(email)
        if customer is not None:
            reset = PasswordReset.begin(ports.ids.new_id(), customer, at=now)
            await uow.password_resets.add(reset)
            letter = owed_letter(MessageKind.PASSWORD_RESET, reset.id, ports.ids, at=now)
            await uow.outbox.owe(letter)
        await uow.password_resets.forget_expired(before=now)
        await uow.commit()


async def confirm_password_reset(
    token: str, new_password: str, ports: Ports, terms: Terms, credentials: Credentials
) -> None:
    """Set the password of whoever got the mail, once. Every login of the account ends.

    Raises:
        InvalidInputError: the password is too easy.
        AccountTokenError: not ours, used, lapsed, or the password was changed since.
    """
    check_new_password(new_password, field="new_password")
    reset_id = terms.account_tokens.id_of(TokenPurpose.RESET, token)
    password_hash = await credentials.passwords.hash(new_password)
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        reset = await uow.password_resets.find(reset_id)
        if reset is None:
            raise AccountTokenError
        # Locked: whoever comes with the same token waits here, and finds a newer account.
        customer = await uow.customers.get(reset.customer_id, lock=True)
        reset.require_valid(customer, at=now)
        await uow.customers.save(customer.change_password(password_hash, at=now))
        await uow.password_resets.remove(reset.id)
        letter = owed_letter(MessageKind.PASSWORD_CHANGED, customer.id, ports.ids, at=now)
        await uow.outbox.owe(letter)
        await uow.commit()
