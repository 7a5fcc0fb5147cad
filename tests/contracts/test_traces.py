from dataclasses import replace

from tests.builders import NOW, a_booking, a_customer, a_message, a_staff_act, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.courier_rows import a_seen_task
from tests.contracts.test_documents import a_document
from tests.contracts.test_saved_addresses import a_saved_address
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_core.accounts.session import Session
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.bookings.repositories import IdempotencyKey, IdempotencyRecord
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.registration import Registration
from totetaxi_core.customers.traces import Person
from totetaxi_core.logistics.courier_task import CourierTask


def a_key(booking: Booking) -> IdempotencyKey:
    return IdempotencyKey(scope="guest-booking", key=str(booking.id), body_hash="0" * 64)


def a_session(customer: Customer) -> Session:
    claims = AccessClaims(
        audience=Audience.CUSTOMER, account_id=customer.id, session_id=an_id(), version=1
    )
    return Session.begin(claims, at=NOW)[0]


class Known:
    """A customer and one row of everything that is about them."""

    def __init__(self, email: str) -> None:
        self.customer = a_customer(email=email)
        self.booking = replace(a_booking(), customer_id=self.customer.id)
        self.address = a_saved_address(self.customer, is_active=False)
        self.session = a_session(self.customer)
        self.reset = PasswordReset.begin(an_id(), self.customer, at=NOW)
        self.message = a_message(to=email.upper())
        self.told_staff = a_message(to="staff@totetaxi.example", booking=self.booking)
        names = ("email", "first_name", "last_name", "phone", "password_hash")
        facts = {name: getattr(self.customer, name) for name in names}
        self.registration = Registration(id=an_id(), created_at=NOW, expires_at=NOW, **facts)

    async def store(self, uow_factory: UowFactory) -> None:
        async with uow_factory() as uow:
            await uow.customers.add(self.customer)
            await uow.bookings.add(self.booking)
            await uow.saved_addresses.add(self.address)
            await uow.sessions.add(self.session)
            await uow.password_resets.add(self.reset)
            await uow.registrations.add(self.registration)
            await uow.messages.add(self.message)
            await uow.messages.add(self.told_staff)
            note = BookingNote(
                id=an_id(),
                booking_id=self.booking.id,
                staff_name="maria",
                text="Call first",
                created_at=NOW,
            )
            await uow.booking_notes.add(note)
            await uow.courier_tasks.add(self.drive)
            await uow.documents.add(a_document(self.booking))
            record = IdempotencyRecord(
                key=a_key(self.booking),
                booking_id=self.booking.id,
                leased_until=None,
                created_at=NOW,
            )
            await uow.idempotency.add(record)
            await uow.staff_acts.add(a_staff_act(self.booking))
            await uow.staff_acts.add(replace(a_staff_act(), customer_id=self.customer.id))
            await uow.commit()

    @property
    def person(self) -> Person:
        return Person(
            customer_id=self.customer.id,
            email_key=self.customer.email_key,
            booking_ids=frozenset({self.booking.id}),
        )

    @property
    def drive(self) -> CourierTask:
        return replace(a_seen_task(self.booking.id), id=self.reset.id)

    async def left(self, uow_factory: UowFactory) -> list[bool]:
        """Tell of each thing whether it is there."""
        async with uow_factory() as uow:
            addresses = await uow.saved_addresses.of_customer(self.customer.id, with_removed=True)
            drive = await uow.courier_tasks.get(self.drive.id)
            said = (drive.tracking_url, drive.driver_notes, drive.failure_reason, drive.refusal)
            to_staff = await uow.messages.to(self.told_staff.to, limit=10)
            return [
                bool(addresses),
                await uow.sessions.find(self.session.id) is not None,
                await uow.password_resets.find(self.reset.id) is not None,
                await uow.registrations.find(self.registration.id) is not None,
                bool(await uow.messages.to(self.customer.email, limit=1)),
                self.told_staff.id in [each.id for each in to_staff],
                any(said) or bool(drive.upload_ids) or drive.look_again_at is not None,
                bool(await uow.booking_notes.page(self.booking.id, limit=1)),
                bool(await uow.documents.of_booking(self.booking.id)),
                await uow.idempotency.find(a_key(self.booking), now=NOW) is not None,
            ]


async def test_given_two_customers_when_one_is_forgotten_then_the_others_rows_stay(
    uow_factory: UowFactory,
) -> None:
    ada, bea = Known("ada@example.com"), Known("bea@example.com")
    for known in (ada, bea):
        await known.store(uow_factory)
        assert all(await known.left(uow_factory))

    async with uow_factory() as uow:
        await uow.traces.forget(ada.person)
        await uow.commit()

    assert not any(await ada.left(uow_factory))
    assert all(await bea.left(uow_factory))


async def test_given_acts_when_those_about_a_person_are_asked_for_then_erased_ones_are_left_out(
    uow_factory: UowFactory,
) -> None:
    ada, bea = Known("ada@example.com"), Known("bea@example.com")
    await ada.store(uow_factory)
    await bea.store(uow_factory)

    async with uow_factory() as uow:
        before = await uow.traces.acts_about(ada.person)
        await uow.staff_acts.erase(before[0])
        await uow.commit()

    async with uow_factory() as uow:
        assert before == (1, 2)
        assert await uow.traces.acts_about(ada.person) == (2,)
        assert await uow.traces.acts_about(bea.person) == (3, 4)


async def test_given_bookings_in_accounts_when_one_is_asked_for_then_it_has_its_own(
    uow_factory: UowFactory,
) -> None:
    ada, bea = Known("ada@example.com"), Known("bea@example.com")
    await ada.store(uow_factory)
    await bea.store(uow_factory)
    second = replace(a_booking(), customer_id=ada.customer.id)

    async with uow_factory() as uow:
        await uow.bookings.add(second)
        assert await uow.bookings.of_account(ada.customer.id) == tuple(
            sorted([ada.booking.id, second.id])
        )
        assert await uow.bookings.of_account(bea.customer.id) == (bea.booking.id,)
        assert await uow.bookings.of_account(an_id()) == ()
