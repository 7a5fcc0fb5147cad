from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    NOW,
    a_booking,
    a_contact,
    a_customer,
    a_delivery_address,
    a_discount_code,
    a_message,
    a_payment,
    a_refund,
    a_rich_quote,
    a_staff_act,
    an_address,
)
from tests.contracts.test_documents import a_document
from tests.core.customers.customer_house import (
    EMAIL,
    WRONG,
    CustomerHouse,
    a_customer_house,
    a_customer_with_password,
)
from tests.core.documents.sample_files import a_png
from tests.core.staff.staffing import PASSWORD
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.customers.delete_account import (
    AccountHasOpenBookingsError,
    delete_account,
    delete_account_for,
)
from totetaxi_core.customers.edit_profile import ProfileChanges, edit_profile
from totetaxi_core.customers.keep_addresses import add_address
from totetaxi_core.customers.saved_address import AddressEntry
from totetaxi_core.documents.document import COURIER, DocumentKind
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.refund import Refund
from totetaxi_core.price_book import PriceBook
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.staff.read_acts import verify_acts

STRIPE_ID = "cus_ada"


class Leaving:
    """A house, and a customer about to leave it."""

    def __init__(self, house: CustomerHouse, customer: Customer) -> None:
        self.house, self.customer = house, customer

    async def delete(self, password: str = PASSWORD) -> None:
        await delete_account(
            self.customer, password, self.house.ports, self.house.terms, self.house.credentials
        )

    async def delete_by_staff(self, reason: str = "asked by letter") -> None:
        async with self.house.ports.unit_of_work() as uow:
            customer = await uow.customers.get(self.customer.id)
        ports, terms = self.house.ports, self.house.terms
        await delete_account_for(customer, ports, terms, reason=reason, staff_name="root")

    async def book(self, **changes: Any) -> Booking:  # noqa: ANN401  any field of a booking
        """Store a booking of theirs that was called off, unless told otherwise."""
        booking = a_booking(contact=self.customer.contact).cancel(
            reason=CancellationReason.CUSTOMER, at=NOW
        )
        booking = replace(booking, **({"customer_id": self.customer.id} | changes))
        async with self.house.ports.unit_of_work() as uow:
            await uow.bookings.add(booking)
            await uow.commit()
        return booking

    async def refund(self, booking: Booking, **changes: Any) -> Refund:  # noqa: ANN401
        payment = a_payment(booking)
        refund = replace(a_refund(payment, amount_cents=1_000), **changes)
        async with self.house.ports.unit_of_work() as uow:
            await uow.payments.add(payment)
            await uow.refunds.add(refund)
            await uow.commit()
        return refund


@pytest.fixture
async def leaving() -> Leaving:
    house = await a_customer_house()
    await house.publish(PriceBook.default(), based_on=0)
    customer = replace(a_customer_with_password(), stripe_customer_id=STRIPE_ID)
    return Leaving(house, await house.take_in(customer))


async def test_given_an_account_when_deleted_then_nothing_personal_is_left_in_it(
    leaving: Leaving,
) -> None:
    login = await leaving.house.log_in_customer()

    await leaving.delete()

    left = leaving.house.customer(leaving.customer)
    assert (left.email, left.full_name, left.phone, left.password_hash) == ("", "", "", "")
    assert (left.stripe_customer_id, left.deleted_at) == (None, NOW)
    with pytest.raises(InvalidTokenError):
        await leaving.house.authenticate(login.access_token)
    assert not leaving.house.database.sessions.rows
    async with leaving.house.ports.unit_of_work() as uow:
        assert await uow.customers.find(EMAIL) is None


async def test_given_a_wrong_password_when_deleting_then_it_is_refused_and_all_stands(
    leaving: Leaving,
) -> None:
    before = leaving.house.stored()

    with pytest.raises(InvalidInputError) as refused:
        await leaving.delete(WRONG)

    assert [fault.code for fault in refused.value.faults] == ["wrong_password"]
    assert leaving.house.hasher.compared == 1
    assert leaving.house.stored() == before


async def test_given_a_password_changed_meanwhile_when_deleting_then_it_is_refused(
    leaving: Leaving,
) -> None:
    async with leaving.house.ports.unit_of_work() as uow:
        await uow.customers.save(leaving.customer.change_password("another", at=NOW))
        await uow.commit()

    with pytest.raises(InvalidTokenError):
        await leaving.delete()

    assert leaving.house.customer(leaving.customer).deleted_at is None


@pytest.mark.parametrize("state", ["pending", "confirmed", "in_progress"])
async def test_given_a_booking_that_is_not_over_when_deleting_then_it_is_refused(
    leaving: Leaving, state: str
) -> None:
    booking = a_booking(contact=a_contact(email=EMAIL.lower()))
    if state != "pending":
        booking = booking.confirm(at=NOW)
    if state == "in_progress":
        booking = booking.start(at=NOW)
    async with leaving.house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)  # a guest's: the address makes it theirs
        await uow.commit()
    before = leaving.house.stored()

    with pytest.raises(AccountHasOpenBookingsError) as refused:
        await leaving.delete()

    assert refused.value.numbers == (booking.booking_number,)
    assert leaving.house.stored() == before


@pytest.mark.parametrize("as_guest", [False, True])
async def test_given_a_booking_that_is_over_when_deleted_then_its_person_goes_and_its_money_stays(
    leaving: Leaving, *, as_guest: bool
) -> None:
    quote = a_rich_quote()
    booking = await leaving.book(
        quote=replace(quote, request=replace(quote.request, pickup_zip="10021-1234")),
        item_description="Ada's harp",
        delivery_address=replace(a_delivery_address(), delivery_instructions="behind the dune"),
        **({"customer_id": None} if as_guest else {}),
    )
    refund = await leaving.refund(booking, requested_by="maria", reason="Ada called twice")

    await leaving.delete()

    left = leaving.house.booking(booking.id)
    assert left.contact.is_erased
    assert (left.contact.full_name.strip(), left.contact.phone) == ("", "")
    assert left.delivery_address is not None
    assert left.pickup_address.formatted == "erased, New York, NY 10021"
    assert left.delivery_address.formatted == "erased, East Hampton, NY 11937"
    assert (left.pickup_address.point, left.delivery_address.delivery_instructions) == (None, "")
    assert (left.item_description, left.special_instructions) == ("", "")
    assert left.quote.request.pickup_zip == "10021"
    assert left.cart_key != booking.cart_key
    assert left.version > booking.version
    amounts = [line.amount_cents for line in booking.quote.lines]
    assert [line.amount_cents for line in left.quote.lines] == amounts
    assert "sorry" not in str(left)
    assert [each.customer_email for each in leaving.house.payments(left)] == [""]
    erased = leaving.house.refunds(left)
    assert [(each.id, each.amount_cents, each.reason) for each in erased] == [
        (refund.id, 1_000, "erased")
    ]


async def test_given_what_was_written_about_them_when_deleted_then_it_is_gone_and_others_stays(
    leaving: Leaving,
) -> None:
    booking, other = await leaving.book(), a_customer(email="bea@example.com")
    await leaving.house.take_in(other)
    address = AddressEntry(nickname="Home", address=an_address())
    for owner in (leaving.customer, other):
        await add_address(owner.id, address, leaving.house.ports)
    async with leaving.house.ports.unit_of_work() as uow:
        await uow.messages.add(a_message(to=EMAIL.upper()))
        await uow.messages.add(a_message(to="staff@example.com", booking=booking))
        await uow.messages.add(kept := a_message(to="bea@example.com"))
        await uow.commit()

    await leaving.delete()

    database = leaving.house.database
    assert list(database.messages.rows.values()) == [kept]
    assert [row.customer_id for row in database.saved_addresses.rows.values()] == [other.id]


async def test_given_staff_acts_about_them_when_deleted_then_the_chain_stands_without_the_words(
    leaving: Leaving,
) -> None:
    booking = await leaving.book()
    acts = (
        replace(a_staff_act(booking), description="Ada cried"),
        replace(a_staff_act(), customer_id=leaving.customer.id, after={"name": "Ada"}),
        replace(a_staff_act(), description="closed a day"),
    )
    async with leaving.house.ports.unit_of_work() as uow:
        for act in acts:
            await uow.staff_acts.add(act)
        await uow.commit()

    await leaving.delete()

    left = {act.id: act for act in leaving.house.acts()}
    assert [left[act.id].description for act in acts] == ["", "", "closed a day"]
    assert left[acts[1].id].after is None
    report = await verify_acts(leaving.house.ports, head=None)
    assert report.faults == ()
    assert "Ada" not in str(leaving.house.acts())


async def test_given_cards_when_deleted_then_stripe_is_told_to_forget_the_customer(
    leaving: Leaving,
) -> None:
    await leaving.delete()

    owed = leaving.house.effects(EffectKind.FORGET_CUSTOMER)

    assert [effect.payload for effect in owed] == [{"stripe_customer_id": STRIPE_ID}]
    assert not leaving.house.database.payment_methods.rows


async def test_given_a_used_code_when_its_user_is_deleted_then_it_still_counts_for_the_address(
    leaving: Leaving,
) -> None:
    house = leaving.house
    booking = await leaving.book(quote=a_rich_quote())
    code_id = next(line.rule_id for line in booking.quote.lines if line.kind == "discount")
    assert code_id is not None
    key = leaving.customer.email_key
    code = replace(a_discount_code(), id=code_id)
    async with house.ports.unit_of_work() as uow:
        await uow.discount_uses.reserve(code, booking_id=booking.id, email_key=key)
        await uow.commit()

    await leaving.delete()

    pseudonym = house.terms.pseudonyms.of(key)
    async with house.ports.unit_of_work() as uow:
        count = uow.discount_uses.count
        assert await count(code.id, email_key=key) == 0
        assert await count(code.id, email_key=key, pseudonym=pseudonym) == 1
    assert "ada" not in pseudonym.lower()


async def test_given_a_letter_owed_when_the_account_is_deleted_then_nobody_gets_it(
    leaving: Leaving,
) -> None:
    booking, _ = await leaving.house.book_unpaid(contact=leaving.customer.contact)
    await leaving.house.cancel(booking)

    await leaving.delete()
    done = await leaving.house.work_off()

    assert done > 1
    assert not [row for row in leaving.house.database.messages.rows.values() if row.to == ""]
    assert EMAIL not in str(leaving.house.database.messages.rows)


async def test_given_a_deleted_account_when_a_late_payment_comes_then_it_goes_back(
    leaving: Leaving,
) -> None:
    house = leaving.house
    booking, intent = await house.book_unpaid(contact=leaving.customer.contact)
    lapsed = booking.cancel(reason=CancellationReason.PAYMENT_TIMEOUT, at=house.clock())
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.save(lapsed)
        await uow.commit()
    await leaving.delete()

    house.pay(intent)
    settled = await house.settle(intent)

    assert settled is not None
    assert settled.status == "cancelled"
    assert [each.amount_cents for each in house.refunds(booking)] == [booking.total_cents]


async def test_given_files_on_bookings_when_the_account_is_deleted_then_they_go_too(
    leaving: Leaving,
) -> None:
    house, booking = leaving.house, await leaving.book()
    other = await leaving.book(customer_id=None, contact=a_contact(email="bea@example.com"))
    kept = [
        await keep_document(
            each.id,
            DocumentKind.PROOF_OF_DELIVERY,
            a_png(),
            house.ports,
            content_type="image/png",
            file_name="Ada's door.png",
            uploaded_by=COURIER,
        )
        for each in (booking, other)
    ]
    under_way = a_document(booking)
    async with house.ports.unit_of_work() as uow:
        await uow.documents.add(under_way)
        await uow.commit()

    await leaving.delete()
    await house.work_off()

    assert [row.booking_id for row in house.database.documents.rows.values()] == [other.id]
    assert list(house.files.files) == [kept[1].storage_key]
    late = [each for each in house.effects(EffectKind.REMOVE_FILE) if each.due_at > NOW]
    assert [each.payload["storage_key"] for each in late] == [under_way.storage_key]


async def test_given_a_deleted_account_when_its_address_registers_again_then_it_is_a_new_one(
    leaving: Leaving,
) -> None:
    booking = await leaving.book()
    await leaving.delete()
    leaving.house.clock.advance(timedelta(days=1))

    again = await leaving.house.take_in(a_customer_with_password())

    assert again.id != leaving.customer.id
    assert leaving.house.booking(booking.id).customer_id == leaving.customer.id


async def test_given_a_profile_when_edited_then_what_was_said_changes_and_the_rest_stays(
    leaving: Leaving,
) -> None:
    leaving.house.clock.advance(timedelta(hours=1))
    changes = ProfileChanges(first_name="Augusta", phone="", sms_notifications=True)

    changed = await edit_profile(leaving.customer.id, changes, leaving.house.ports)

    assert changed == replace(
        leaving.customer,
        first_name="Augusta",
        phone="",
        sms_notifications=True,
        updated_at=NOW + timedelta(hours=1),
    )
    assert leaving.house.customer(leaving.customer) == changed
    await leaving.delete()
    with pytest.raises(InvalidTokenError):
        await edit_profile(leaving.customer.id, changes, leaving.house.ports)


async def test_given_a_customer_who_asks_staff_when_deleted_then_it_is_as_by_themselves_on_record(
    leaving: Leaving,
) -> None:
    booking = await leaving.book()

    await leaving.delete_by_staff()

    left = leaving.house.customer(leaving.customer)
    act = leaving.house.database.staff_acts.rows[max(leaving.house.database.staff_acts.rows)].act
    assert (left.email, left.deleted_at) == ("", NOW)
    assert leaving.house.database.bookings.rows[booking.id].contact.email == ""
    assert (act.staff_name, act.action_type) == ("root", "customer_deleted")
    assert (act.customer_id, act.description) == (left.id, "deleted the account: asked by letter")
    with pytest.raises(CustomerNotFoundError):
        await leaving.delete_by_staff()
    assert (await verify_acts(leaving.house.ports, head=None)).faults == ()


async def test_given_no_reason_or_an_open_booking_when_staff_delete_then_all_stands(
    leaving: Leaving,
) -> None:
    await leaving.book(status=BookingStatus.CONFIRMED)
    before = leaving.house.stored()

    with pytest.raises(InvalidInputError):
        await leaving.delete_by_staff(reason=" ")
    with pytest.raises(AccountHasOpenBookingsError):
        await leaving.delete_by_staff()

    assert leaving.house.stored() == before
