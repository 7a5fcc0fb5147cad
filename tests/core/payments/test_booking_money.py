from datetime import timedelta

from tests.core.bookings.memory_house import a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_core.bookings.show_booking import show_booking
from totetaxi_core.payments.decide_refund import reject_refund


async def test_given_charges_and_refunds_when_shown_then_they_add_up_with_times_and_ids() -> None:
    house = await a_house()
    paid_at = house.clock()
    booking, intent = await a_paid_booking(house)
    house.clock.advance(timedelta(hours=1))
    await approve(await request(booking, house, amount_cents=10_000), house)
    await house.work_off()
    await request(booking, house, amount_cents=2_000)
    rejected = await request(booking, house, amount_cents=3_000)
    await reject_refund(rejected.id, house.ports, staff_name="lou")

    money = (await show_booking(booking.booking_number, house.ports)).money

    [at_stripe] = house.stripe.refunds()
    charge = (await house.stripe.get_intent(intent.id)).charge_id
    assert (money.charged_cents, money.refunded_cents) == (99_500, 10_000)
    assert (money.pending_cents, money.net_cents) == (2_000, 89_500)
    assert [(one.kind, one.amount_cents, one.stripe_id) for one in money.movements[:2]] == [
        ("charge", 99_500, charge),
        ("refund", 10_000, at_stripe.id),
    ]
    assert [one.at - paid_at for one in money.movements] == [
        timedelta(0),
        *[timedelta(hours=1)] * 3,
    ]


async def test_given_an_unpaid_booking_when_shown_then_it_has_no_money() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    money = (await show_booking(booking.booking_number, house.ports)).money

    assert (money.charged_cents, money.net_cents, money.movements) == (0, 0, ())
