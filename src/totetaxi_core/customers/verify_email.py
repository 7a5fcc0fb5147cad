"""Show that an address is one's own: the registration becomes an account."""

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.customers.account_token import AccountTokenError, TokenPurpose
from totetaxi_core.customers.customer import Customer, EmailTakenError
from totetaxi_core.customers.join_bookings import join_guest_bookings
from totetaxi_core.customers.owed_letter import owed_letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Ports, Terms


async def verify_email(
    token: str, ports: Ports, terms: Terms, credentials: Credentials
) -> Customer:
    """Make the account of a registration, once. Bookings made as guest with its address join it.

    Raises:
        AccountTokenError: not ours, used, lapsed, or the address got an account meanwhile.
    """
    registration_id = terms.account_tokens.id_of(TokenPurpose.VERIFY, token)
    await credentials.passwords.matches(token, None)  # as long as any other request
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        # Locked: whoever comes with the same token waits here, and finds nothing.
        registration = await uow.registrations.find(registration_id, lock=True)
        if registration is None:
            raise AccountTokenError
        customer = registration.to_customer(ports.ids.new_id(), at=now)
        try:
            await uow.customers.add(customer)
        except EmailTakenError as error:
            raise AccountTokenError from error
        await join_guest_bookings(customer, uow, at=now)
        await uow.registrations.remove(registration.id)
        welcome = owed_letter(MessageKind.WELCOME, customer.id, ports.ids, at=now)
        await uow.outbox.owe(welcome)
        await uow.commit()
    return customer


async def resend_verification(email: str, ports: Ports, credentials: Credentials) -> None:
    """Owe the mail again if the address waits to be verified: its latest registration's link.

    It takes as long where nothing waits.
    """
    await credentials.passwords.matches(email, None)  # as long as any other request
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        registration = await uow.registrations.newest(email, lock=True)
        if registration is not None and await uow.customers.find(email) is None:
            await uow.registrations.save(registration.renew(at=now))
            letter = owed_letter(MessageKind.VERIFY_EMAIL, registration.id, ports.ids, at=now)
            await uow.outbox.owe(letter)
        await uow.commit()
