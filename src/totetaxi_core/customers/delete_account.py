"""Delete an account: whoever it was of is forgotten, what money moved is not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.bookings.booking import CUSTOMER, Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.customers.erase_history import erase_acts_about, erase_bookings, owe_removals
from totetaxi_core.customers.erasure import erased_account
from totetaxi_core.customers.join_bookings import join_guest_bookings
from totetaxi_core.customers.traces import Person
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.payment import Payment
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

OPEN: Final = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS})
MAX_TRIES: Final = 5
MAX_REASON: Final = 500


class AccountHasOpenBookingsError(DomainError):
    """Bookings are not over yet: their customer and driver need each other."""

    code = "account_has_open_bookings"

    def __init__(self, numbers: tuple[str, ...]) -> None:
        super().__init__(f"these bookings are not over yet: {', '.join(numbers)}")
        self.numbers = numbers


class _BookedMeanwhileError(Exception):
    """A booking came into the account after its bookings were locked: look again."""


async def delete_account(
    customer: Customer, password: str, ports: Ports, terms: Terms, credentials: Credentials
) -> None:
    """Forget the account's person, for ever; guest bookings of their address are theirs too.

    Raises:
        InvalidInputError: it is not the password.
        AccountHasOpenBookingsError: a booking is pending, confirmed or under way.
        InvalidTokenError: it was deleted, or its password changed, meanwhile.
    """
    if not await credentials.passwords.matches(password, customer.password_hash):
        fault = FieldFault(field="password", code="wrong_password", message="is not your password")
        raise InvalidInputError([fault])
    await _delete(customer, ports, terms, by=CUSTOMER)


async def delete_account_for(
    customer: Customer, ports: Ports, terms: Terms, *, reason: str, staff_name: str
) -> None:
    """Do the same in the name of staff, whom the customer asked; that goes on record.

    Raises:
        InvalidInputError: no reason, or one of over 500 characters.
        CustomerNotFoundError: it was deleted before.
        AccountHasOpenBookingsError: a booking is pending, confirmed or under way.
        InvalidTokenError: it was deleted, or its password changed, meanwhile.
    """
    if not reason.strip() or len(reason) > MAX_REASON:
        message = f"must be 1 to {MAX_REASON} characters"
        raise InvalidInputError([FieldFault(field="reason", code="bad_length", message=message)])
    if customer.deleted_at is not None:
        raise CustomerNotFoundError("this account was deleted")
    act = StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type="customer_deleted",
        description=f"deleted the account: {reason.strip()}",
        booking_id=None,
        created_at=ports.clock(),
        customer_id=customer.id,
    )
    await _delete(customer, ports, terms, by=staff_name, act=act)


async def _delete(
    customer: Customer, ports: Ports, terms: Terms, *, by: str, act: StaffAct | None = None
) -> None:
    for _ in range(MAX_TRIES):
        try:
            async with ports.unit_of_work() as uow:
                await _Deletion(customer, ports, terms, uow, by).do()
                if act is not None:
                    await uow.staff_acts.add(act)
                await uow.commit()
        except _BookedMeanwhileError:
            continue
        return
    raise AccountHasOpenBookingsError(("one that is being made right now",))


@dataclass(frozen=True, slots=True)
class _Deletion:
    """One try, in its transaction. The account is locked last, as everywhere."""

    customer: Customer
    ports: Ports
    terms: Terms
    uow: UnitOfWork
    by: str

    async def do(self) -> None:
        now = self.ports.clock()
        await join_guest_bookings(self.customer, self.uow, at=now)
        bookings = await self._locked_bookings()
        payments = await self._locked_payments(bookings)
        account = await self._locked_account(bookings)
        await erase_bookings(bookings, payments, self.uow, at=now)
        await self.uow.customers.save(erased_account(account, at=now))
        await owe_removals(bookings, self.uow, self.ports.ids, at=now)
        await self._forget(account, bookings, at=now)
        await self._owe_forgetting(account, at=now)

    async def _locked_bookings(self) -> tuple[Booking, ...]:
        """Return the account's bookings, locked.

        Raises:
            AccountHasOpenBookingsError: not all of them are over.
        """
        found = await self.uow.bookings.of_account(self.customer.id)
        locked = [await self.uow.bookings.get(each, lock=True) for each in found]
        numbers = tuple(each.booking_number for each in locked if each.status in OPEN)
        if numbers:
            raise AccountHasOpenBookingsError(numbers)
        return tuple(locked)

    async def _locked_payments(self, bookings: tuple[Booking, ...]) -> tuple[Payment, ...]:
        payments: list[Payment] = []
        for booking in bookings:
            payments.extend(await self.uow.payments.of_booking(booking.id, lock=True))
        return tuple(payments)

    async def _locked_account(self, bookings: tuple[Booking, ...]) -> Customer:
        """Return the account, locked: from now on no booking comes into it.

        Raises:
            InvalidTokenError: it is not as it was when the password was compared.
        """
        account = await self.uow.customers.get(self.customer.id, lock=True)
        if account.password_hash != self.customer.password_hash:
            raise InvalidTokenError
        found = await self.uow.bookings.of_account(account.id)
        if found != tuple(booking.id for booking in bookings):
            raise _BookedMeanwhileError
        return account

    async def _forget(
        self, account: Customer, bookings: tuple[Booking, ...], *, at: datetime
    ) -> None:
        person = Person(
            customer_id=account.id,
            email_key=account.email_key,
            booking_ids=frozenset(booking.id for booking in bookings),
        )
        pseudonym = self.terms.pseudonyms.of(account.email_key)
        await self.uow.discount_uses.erase(account.email_key, pseudonym=pseudonym)
        await self.uow.customer_notes.forget(account.id)
        await self.uow.customer_contacts.forget(account.id)
        await self.uow.traces.forget(person)
        why = "the account was deleted"
        await erase_acts_about(person, self.uow, self.ports.ids, by=self.by, why=why, at=at)

    async def _owe_forgetting(self, account: Customer, *, at: datetime) -> None:
        """Owe that Stripe forgets them too, and their cards."""
        stripe_id = account.stripe_customer_id
        if stripe_id is not None:
            payload = {"stripe_customer_id": stripe_id}
            kind = EffectKind.FORGET_CUSTOMER
            effect = owed(self.ports.ids, kind, stripe_id, at=at, payload=payload)
            await self.uow.outbox.owe(effect)
