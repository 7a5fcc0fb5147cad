"""Who deletes their account leaves no trace in any column of any table."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import (
    NOW,
    a_booking,
    a_customer,
    a_discount_code,
    a_message,
    a_payment,
    a_quote,
    a_quote_request,
    a_refund,
    a_staff_act,
    an_address,
    an_id,
)
from tests.conftest import PostgresUowFactory
from tests.contracts.test_documents import a_document
from tests.core.customers.customer_house import CustomerHouse
from tests.core.staff.staffing import PASSWORD
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_core.accounts.session import Session
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.bookings.repositories import IdempotencyKey, IdempotencyRecord
from totetaxi_core.bookings.reschedule import Reschedule, RescheduleState
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_contact import (
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.customers.delete_account import AccountHasOpenBookingsError, delete_account
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.registration import Registration
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_core.ledger.post_movement import post_charge
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod
from totetaxi_core.notifications.deliver_message import remember_refusal
from totetaxi_core.notifications.message import Channel
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_core.pricing import PriceAdjustment
from totetaxi_core.staff.read_acts import verify_acts
from totetaxi_core.unit_of_work import UnitOfWork

EMAIL = "Zebedee.Quackenbush@Example.com"
NEEDLES = ("zebedee", "quackenbush", "5559876", "mockingbird", "harpsichord", "10021-4321")
STREET = replace(
    an_address(),
    address_line_1="1313 Mockingbird Lane",
    zip_code="10021-4321",
    delivery_instructions="Ask for Zebedee",
)
SOURCES = {
    ("booking_notes", "text"),
    ("bookings", "contact_email"),
    ("bookings", "contact_first_name"),
    ("bookings", "contact_last_name"),
    ("bookings", "contact_phone"),
    ("bookings", "item_description"),
    ("bookings", "pickup_address"),
    ("bookings", "pricing_fields"),
    ("bookings", "special_instructions"),
    ("courier_tasks", "driver_notes"),
    ("courier_tasks", "failure_reason"),
    ("courier_tasks", "refusal"),
    ("customer_contacts", "summary"),
    ("customer_notes", "text"),
    ("customers", "email"),
    ("customers", "first_name"),
    ("customers", "last_name"),
    ("customers", "phone"),
    ("discount_uses", "email_key"),
    ("documents", "file_name"),
    ("idempotency_records", "scope"),
    ("messages", "calendar"),
    ("messages", "last_error"),
    ("messages", "text"),
    ("messages", "to"),
    ("payments", "customer_email"),
    ("quote_lines", "label"),
    ("rate_limits", "key"),
    ("refunds", "reason"),
    ("refused_addresses", "address"),
    ("refused_addresses", "reason"),
    ("registrations", "email"),
    ("registrations", "first_name"),
    ("registrations", "last_name"),
    ("registrations", "phone"),
    ("reschedules", "quote"),
    ("saved_addresses", "address_line_1"),
    ("saved_addresses", "delivery_instructions"),
    ("saved_addresses", "door"),
    ("saved_addresses", "nickname"),
    ("saved_addresses", "zip_code"),
    ("staff_acts", "after"),
    ("staff_acts", "description"),
}


def traces(database_url: str) -> set[tuple[str, str]]:
    """Return every table and column in which one of the needles is, in whatever type."""
    tables = [
        name
        for (name,) in fetch(
            database_url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
    ]
    found: set[tuple[str, str]] = set()
    columns = SQL(
        "SELECT DISTINCT field.key FROM {} AS row, jsonb_each_text(to_jsonb(row)) AS field"
        " WHERE lower(field.value) LIKE ANY (%s)"
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in tables:
            sought = [[f"%{needle}%" for needle in NEEDLES]]
            rows = connection.execute(columns.format(Identifier(table)), sought)
            found |= {(table, name) for (name,) in rows}
    return found


@dataclass(frozen=True, kw_only=True)
class Left:
    """A house on PostgreSQL, and a customer of whom everything is known."""

    house: CustomerHouse
    customer: Customer
    bookings: tuple[Booking, ...]

    async def delete(self) -> None:
        house = self.house
        await delete_account(self.customer, PASSWORD, house.ports, house.terms, house.credentials)


@pytest.fixture
async def left(postgres_uow_factory: PostgresUowFactory, database_url: str) -> Left:
    house = CustomerHouse()
    house.ports = replace(house.ports, unit_of_work=postgres_uow_factory)
    customer = a_customer(
        email=EMAIL,
        first_name="Zebedee",
        last_name="Quackenbush",
        phone="+12125559876",
        password_hash=sha256(PASSWORD.encode()).hexdigest(),
        stripe_customer_id="cus_123",
    )
    bookings = a_move(customer), replace(a_move(customer), customer_id=None)
    async with postgres_uow_factory() as uow:
        await uow.customers.add(customer)
        for booking in bookings:
            await write_booking(uow, house, booking, customer)
        await write_account(uow, customer)
        await uow.commit()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO rate_limits (key, hits, ends_at) VALUES (%s, 1, now())",
            [f"login:account:customer:{customer.email_key}"],
        )
    return Left(house=house, customer=customer, bookings=bookings)


def a_move(customer: Customer) -> Booking:
    """A move of theirs that is over, with what staff promised."""
    adjustment = PriceAdjustment(amount_cents=-500, reason="sorry, Mr Quackenbush")
    request = replace(a_quote_request(), pickup_zip="10021-4321", adjustment=adjustment)
    booking = a_booking(offer=a_quote(request), contact=customer.contact)
    booking = booking.confirm(at=NOW).complete(at=NOW)
    return replace(
        booking,
        customer_id=customer.id,
        pickup_address=STREET,
        item_description="a harpsichord",
        special_instructions="mind the harpsichord",
    )


async def write_booking(
    uow: UnitOfWork, house: CustomerHouse, booking: Booking, customer: Customer
) -> None:
    payment = replace(a_payment(booking), status=PaymentStatus.SUCCEEDED)
    extra = replace(a_payment(booking, purpose=PaymentPurpose.RESCHEDULE), amount_cents=5_000)
    reason, key = "Zebedee rang", f"guest-booking:{customer.email_key}"
    await uow.bookings.add(booking)
    await uow.payments.add(payment)
    await uow.payments.add(extra)
    refund = a_refund(payment, amount_cents=1_000)
    await uow.refunds.add(replace(refund, reason=reason, requested_by="maria"))
    await post_charge(uow, booking, payment, house.ids, at=NOW)
    await uow.reschedules.add(
        Reschedule(
            id=an_id(),
            booking_id=booking.id,
            state=RescheduleState.ENDED,
            quote=booking.quote,
            pickup_at=booking.pickup_at,
            previous_pickup_at=booking.pickup_at - timedelta(days=1),
            difference_cents=5_000,
            payment_id=extra.id,
            expires_at=NOW,
            requested_by="customer",
            created_at=NOW,
            updated_at=NOW,
        )
    )
    await uow.discount_uses.reserve(
        a_discount_code(), booking_id=booking.id, email_key=customer.email_key
    )
    await uow.idempotency.add(
        IdempotencyRecord(
            key=IdempotencyKey(scope=key, key=str(booking.id), body_hash="0" * 64),
            booking_id=booking.id,
            leased_until=None,
            created_at=NOW,
        )
    )
    alert = a_message(booking=booking, to="dispatch@totetaxi.example")
    await uow.messages.add(replace(alert, text="Hand it back to Zebedee"))
    await write_texts(uow, booking)
    note = BookingNote(
        id=an_id(), booking_id=booking.id, staff_name="maria", text=reason, created_at=NOW
    )
    await uow.booking_notes.add(note)
    await uow.courier_tasks.add(a_drive(booking))
    document = replace(a_document(booking), file_name="The harpsichord.jpg")
    await uow.documents.add(document)
    await uow.staff_acts.add(replace(a_staff_act(booking), description=reason))


def a_drive(booking: Booking) -> CourierTask:
    """Return a pickup of which its driver, and the courier, said much."""
    return CourierTask(
        id=an_id(),
        booking_id=booking.id,
        leg=Leg.PICKUP,
        status=CourierTaskStatus.FAILED,
        window_start_at=NOW,
        window_end_at=NOW + timedelta(hours=1),
        created_at=NOW,
        updated_at=NOW,
        onfleet_task_id=f"Jm4tq*{booking.id.hex}",
        tracking_url="https://onf.lt/7be01c4d9a",
        failure_reason="OTHER: Zebedee was out",
        driver_notes="the harpsichord is too wide",
        photo_ids=("p-1",),
        refusal="no such Mockingbird Lane",
    )


async def write_account(uow: UnitOfWork, customer: Customer) -> None:
    home = SavedAddress(
        id=an_id(),
        customer_id=customer.id,
        nickname="Quackenbush Manor",
        address=STREET,
        created_at=NOW,
        updated_at=NOW,
    )
    claims = AccessClaims(
        audience=Audience.CUSTOMER, account_id=customer.id, session_id=an_id(), version=1
    )
    registration = Registration(
        id=an_id(),
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        phone=customer.phone,
        password_hash=customer.password_hash,
        created_at=NOW,
        expires_at=NOW,
    )
    for saved in (home, replace(home, id=an_id(), is_active=False)):
        await uow.saved_addresses.add(saved)
    await uow.sessions.add(Session.begin(claims, at=NOW)[0])
    await uow.registrations.add(registration)
    await uow.password_resets.add(PasswordReset.begin(an_id(), customer, at=NOW))
    await uow.payment_methods.add(a_card(customer))
    await uow.messages.add(a_message(to=customer.email.upper()))
    await write_desk(uow, customer)


async def write_texts(uow: UnitOfWork, booking: Booking) -> None:
    """Write a text with a calendar entry to a number that refuses it, and remember that."""
    entry = CalendarEntry(
        uid=booking.booking_number,
        sequence=0,
        method=CalendarMethod.PUBLISH,
        starts_at=NOW,
        ends_at=NOW,
        summary="ToteTaxi",
        location=STREET.address_line_1,
        description="",
        stamped_at=NOW,
    )
    text = replace(a_message(booking=booking, to="+12125559876"), channel=Channel.SMS)
    refused = replace(text, calendar=entry).refuse("550 Zebedee has left")
    await uow.messages.add(refused)
    await remember_refusal(refused, uow, at=NOW)
    await remember_refusal(replace(refused, to=EMAIL, booking_id=None), uow, at=NOW)


async def write_desk(uow: UnitOfWork, customer: Customer) -> None:
    """Write what staff know of them."""
    note = CustomerNote(
        id=an_id(),
        customer_id=customer.id,
        staff_name="maria",
        text="Lives in Mockingbird Lane",
        created_at=NOW,
    )
    contact = CustomerContact(
        id=an_id(),
        customer_id=customer.id,
        channel=ContactChannel.PHONE,
        direction=ContactDirection.INBOUND,
        summary="Zebedee called about the harpsichord",
        staff_name="maria",
        created_at=NOW,
    )
    act = replace(a_staff_act(), customer_id=customer.id, after={"phone": customer.phone})
    await uow.customer_notes.add(note)
    await uow.customer_contacts.add(contact)
    await uow.staff_acts.add(act)


def a_card(customer: Customer) -> PaymentMethod:
    return PaymentMethod(
        id=an_id(),
        customer_id=customer.id,
        stripe_payment_method_id="pm_123",
        card_brand="visa",
        card_last_four="4242",
        card_exp_month=12,
        card_exp_year=2030,
        is_default=True,
        is_active=True,
        created_at=NOW,
    )


async def test_given_a_customer_known_everywhere_when_deleted_then_no_column_has_a_trace(
    left: Left, database_url: str
) -> None:
    before = traces(database_url)

    await left.delete()

    assert before == SOURCES
    assert traces(database_url) == set()


async def test_given_money_when_its_customer_is_deleted_then_every_amount_is_as_before(
    left: Left, database_url: str
) -> None:
    amounts = """
        SELECT 'payment', id::text, amount_cents FROM payments UNION ALL
        SELECT 'refund', id::text, amount_cents FROM refunds UNION ALL
        SELECT 'line', booking_id || ':' || position, amount_cents FROM quote_lines UNION ALL
        SELECT 'posting', entry_id || account, amount_cents FROM ledger_postings UNION ALL
        SELECT 'booking', id::text, total_cents FROM bookings ORDER BY 1, 2
    """
    before = fetch(database_url, amounts)

    await left.delete()

    assert fetch(database_url, amounts) == before
    kinds = {kind for kind, _, _ in before}
    assert kinds == {"payment", "refund", "line", "posting", "booking"}


async def test_given_acts_about_a_customer_when_deleted_then_the_chain_is_whole(
    left: Left,
) -> None:
    await left.delete()

    report = await verify_acts(left.house.ports, head=None)

    assert report.faults == ()
    assert report.checked == 6


async def test_given_a_booking_made_while_the_account_is_deleted_when_both_are_done_then_one_won(
    left: Left, postgres_uow_factory: PostgresUowFactory, database_url: str
) -> None:
    pending = replace(a_booking(contact=left.customer.contact), customer_id=left.customer.id)
    async with postgres_uow_factory() as uow:
        await uow.bookings.add(pending)
        await uow.customers.get(left.customer.id, lock=True)
        deletion = asyncio.create_task(left.delete())
        await until_blocked(database_url)
        await uow.commit()

    with pytest.raises(AccountHasOpenBookingsError):
        await deletion

    assert ("bookings", "contact_email") in traces(database_url)
