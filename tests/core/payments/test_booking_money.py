from datetime import timedelta

from tests.core.bookings.memory_house import a_house
from tests.core.payments.disputing import deliver_events
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_core.bookings.show_booking import read_booking
from totetaxi_core.payments.decide_refund import reject_refund


async def test_given_charges_and_refunds_when_shown_then_they_add_up_with_times_and_ids() -> None:
    house = await a_house()
    paid_at = house.clock()
    booking, intent = await a_paid_booking(house)
    house.clock.advance(timedelta(hours=1))
    await approve(await request(booking, house, amount_cents=10_000), house)
    await house.work_off()
    house.clock.advance(timedelta(hours=1))
    await request(booking, house, amount_cents=2_000)
    rejected = await request(booking, house, amount_cents=3_000)
    await reject_refund(rejected.id, house.ports, staff_name="lou")

    money = (await read_booking(booking.id, house.ports, staff_name="maria")).money

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
        timedelta(hours=1),
        *[timedelta(hours=2)] * 2,
    ]


async def test_given_a_lost_and_a_won_dispute_when_shown_then_only_the_lost_one_counts() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    for amount_cents, won in ((20_000, True), (30_000, False)):
        house.clock.advance(timedelta(hours=1))
        opened = house.disputes.open_dispute(intent.id, amount_cents)
        house.disputes.close_dispute(opened.id, won=won)
        await deliver_events(house)

    money = (await read_booking(booking.id, house.ports, staff_name="maria")).money

    ids = [one.id for one in house.disputes.disputes()]
    assert (money.disputed_cents, money.refunded_cents, money.net_cents) == (30_000, 0, 69_500)
    assert [(one.kind, one.status, one.stripe_id) for one in money.movements[1:]] == [
        ("dispute", "won", ids[0]),
        ("dispute", "lost", ids[1]),
    ]


async def test_given_an_unpaid_booking_when_shown_then_it_has_no_money() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    money = (await read_booking(booking.id, house.ports, staff_name="maria")).money

    assert (money.charged_cents, money.net_cents, money.movements) == (0, 0, ())
