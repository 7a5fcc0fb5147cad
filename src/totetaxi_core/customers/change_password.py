"""Change the password of one's own account."""

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.customers.log_in_customer import SignedInCustomer
from totetaxi_core.customers.owed_letter import owed_letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError


async def change_password(
    signed_in: SignedInCustomer,
    *,
    current_password: str,
    new_password: str,
    ports: Ports,
    credentials: Credentials,
) -> None:
    """Set another password. Every login of the account ends, this one included.

    Raises:
        InvalidInputError: it is not the current password, or the new one is too easy.
    """
    check_new_password(new_password, field="new_password")
    known_hash = signed_in.customer.password_hash
    if not await credentials.passwords.matches(current_password, known_hash):
        raise _wrong_password()
    password_hash = await credentials.passwords.hash(new_password)
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(signed_in.customer.id, lock=True)
        # It was changed, or the account deleted, since the password was compared.
        if customer.password_hash != known_hash:
            raise _wrong_password()
        await uow.customers.save(customer.change_password(password_hash, at=now))
        letter = owed_letter(MessageKind.PASSWORD_CHANGED, customer.id, ports.ids, at=now)
        await uow.outbox.owe(letter)
        await uow.commit()


def _wrong_password() -> InvalidInputError:
    fault = FieldFault(
        field="current_password", code="wrong_password", message="is not your password"
    )
    return InvalidInputError([fault])
