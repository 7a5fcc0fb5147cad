"""Welcome, and becoming a VIP: once for each time."""

from dataclasses import replace
from datetime import timedelta

from tests.builders import a_contact
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.bookings.sample_books import book_with_petite_at
from tests.core.customers.customer_house import EMAIL, a_customer_house
from tests.core.customers.test_join_bookings import verify
from tests.core.payments.refunding import approve, request
from tests.laws.money_acts import hear
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.customers.customer import Customer
from totetaxi_core.notifications.message import Message, MessageKind


async def pay(house: MemoryHouse) -> Booking:
    """Book and pay a move, a minute after whatever came before."""
    house.clock.advance(timedelta(minutes=1))
    contact = a_contact(email="ada.guest@example.com")
    booking, intent = await house.book_unpaid(contact=contact, allow_duplicate=True)
    house.pay(intent)
    await house.settle(intent)
    await house.work_off()
    return house.booking(booking.id)


def vip_mails(house: MemoryHouse) -> list[Message]:
    return house.messages(MessageKind.VIP_STATUS)


async def a_house_with_an_account(*, mail: bool = True) -> tuple[MemoryHouse, Customer]:
    """Return a house whose petite move is 1,000 dollars, and Ada's account."""
    house = await a_house(book=book_with_petite_at(100_000))
    customer, _ = await verify(house)
    chosen = replace(customer, email_notifications=mail)
    async with house.ports.unit_of_work() as uow:
        await uow.customers.save(chosen)
        await uow.commit()
    return house, chosen


async def test_given_a_registration_when_verified_then_its_holder_is_welcomed_once() -> None:
    house = await a_customer_house()
    await house.register()
    token = await house.mailed_token(MessageKind.VERIFY_EMAIL)

    await house.verify(token)

    mails = [mail for mail in await house.mails() if mail.kind is MessageKind.WELCOME]
    [welcome] = mails
    assert (welcome.to, welcome.subject) == (EMAIL, "Welcome to ToteTaxi")
    assert "https://totetaxi.example/login" in welcome.text.splitlines()
    assert "made with this address before" not in welcome.text


async def test_given_less_than_a_vip_s_money_when_paid_then_nobody_is_told_of_any() -> None:
    house, _ = await a_house_with_an_account()

    await pay(house)

    assert vip_mails(house) == []


async def test_given_a_vip_s_money_when_paid_then_they_hear_of_it_once_whatever_follows() -> None:
    house, customer = await a_house_with_an_account()
    await pay(house)

    await pay(house)
    await pay(house)

    [mail] = vip_mails(house)
    assert (mail.to, mail.subject) == (customer.email, "You are a ToteTaxi VIP")


async def test_given_a_vip_who_lapsed_when_they_become_one_again_then_they_hear_of_it_again() -> (
    None
):
    house, _ = await a_house_with_an_account()
    await pay(house)
    booking = await pay(house)
    await approve(await request(booking, house, amount_cents=1), house)
    await hear(house, 0)
    lapsed = len(vip_mails(house))

    await pay(house)

    assert (lapsed, len(vip_mails(house))) == (1, 2)


async def test_given_guest_bookings_worth_a_vip_when_verified_then_their_account_hears_it() -> None:
    house = await a_house(book=book_with_petite_at(100_000))
    await pay(house)
    await pay(house)

    await verify(house)
    await house.work_off()

    assert len(vip_mails(house)) == 1


async def test_given_mail_turned_off_when_one_becomes_a_vip_then_no_mail_says_so() -> None:
    house, _ = await a_house_with_an_account(mail=False)

    await pay(house)
    await pay(house)

    assert vip_mails(house) == []
    assert MessageKind.VIP_STATUS in house.owed_messages()
