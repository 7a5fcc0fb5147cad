"""Ask for an account. Whether the address has one already is told to its mailbox alone."""

from dataclasses import dataclass, field
from datetime import datetime

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.customers.disposable_domains import DisposableDomains, disposable_fault
from totetaxi_core.customers.owed_letter import owed_letter
from totetaxi_core.customers.registration import KEPT, LIFETIME, Registration
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError, faults_of
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Who wants an account; `phone` is E.164, or empty."""

    email: str
    first_name: str
    last_name: str
    phone: str
    password: str = field(repr=False)


def registration_faults(
    email: str | None, password: str | None, *, disposable: DisposableDomains
) -> tuple[FieldFault, ...]:
    """Return what the rules have against these two; None is not looked at."""
    faults = () if password is None else faults_of(lambda: check_new_password(password))
    fault = None if email is None else disposable_fault(email, disposable)
    return faults if fault is None else (fault, *faults)


async def register_customer(new: NewCustomer, ports: Ports, credentials: Credentials) -> None:
    """Keep a registration and owe the mail with its link; it takes as long for a known address.

    Raises:
        InvalidInputError: a disposable mailbox, or too easy a password.
    """
    faults = registration_faults(new.email, new.password, disposable=credentials.disposable_domains)
    if faults:
        raise InvalidInputError(faults)
    password_hash = await credentials.passwords.hash(new.password)
    now = ports.clock()
    registration = Registration(
        id=ports.ids.new_id(),
        email=new.email,
        first_name=new.first_name,
        last_name=new.last_name,
        phone=new.phone,
        password_hash=password_hash,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    async with ports.unit_of_work() as uow:
        await _keep(registration, uow, ports, at=now)
        await uow.registrations.forget_expired(before=now - KEPT)
        await uow.commit()


async def _keep(registration: Registration, uow: UnitOfWork, ports: Ports, *, at: datetime) -> None:
    customer = await uow.customers.find(registration.email)
    if customer is None:
        await uow.registrations.add(registration)
        letter = owed_letter(MessageKind.VERIFY_EMAIL, registration.id, ports.ids, at=at)
    else:
        letter = owed_letter(MessageKind.ALREADY_REGISTERED, customer.id, ports.ids, at=at)
    await uow.outbox.owe(letter)
