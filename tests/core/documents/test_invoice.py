import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from tests.core.payments.disputing import deliver_events
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.documents.bill_of_lading import NotCarriedError, read_bill_of_lading
from totetaxi_core.documents.invoice import NothingPaidError, read_invoice, read_receipt
from totetaxi_core.pricing.line_kind import LineKind


async def test_given_an_unpaid_booking_when_invoiced_then_all_is_due_and_there_is_no_receipt() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()

    invoice = await read_invoice(booking.id, house.ports)
    with pytest.raises(NothingPaidError) as refused:
        await read_receipt(booking.id, house.ports)

    assert (invoice.paid_cents, invoice.due_cents) == (0, booking.total_cents)
    assert refused.value.code == "nothing_paid"


async def test_given_a_paid_booking_when_invoiced_then_its_card_is_named_and_nothing_is_due() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)

    receipt = await read_receipt(booking.id, house.ports)

    assert [line.label for line in receipt.money_lines] == ["Paid by card (Visa ending 4242)"]
    assert (receipt.paid_cents, receipt.due_cents) == (booking.total_cents, 0)


async def test_given_a_refund_when_asked_approved_and_sent_then_each_is_told_in_turn() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)

    refund = await request(booking, house, amount_cents=5_000)
    requested = await read_invoice(booking.id, house.ports)
    await approve(refund, house)
    approved = await read_invoice(booking.id, house.ports)
    await house.work_off()
    sent = await read_invoice(booking.id, house.ports)

    assert len(requested.money_lines) == 1
    assert approved.money_lines[1].label == "Refund, on its way"
    assert approved.sent_back_cents == 0
    assert (sent.money_lines[1].label, sent.sent_back_cents) == ("Refund", 5_000)


async def test_given_a_dispute_when_receipted_then_what_the_bank_took_is_told_until_it_is_won() -> (
    None
):
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id)
    await deliver_events(house)

    disputed = await read_receipt(booking.id, house.ports)
    house.disputes.close_dispute(opened.id, won=True)
    await deliver_events(house)
    won = await read_receipt(booking.id, house.ports)

    assert disputed.money_lines[-1].label == "Taken back by the bank, as disputed"
    assert (disputed.paid_cents, disputed.sent_back_cents) == (booking.total_cents,) * 2
    assert [line.label for line in won.money_lines] == ["Paid by card (Visa ending 4242)"]
    assert (won.paid_cents, won.sent_back_cents) == (booking.total_cents, 0)


async def test_given_a_booking_paid_in_cash_when_its_receipt_is_read_then_it_says_so() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    await house.confirm_in_cash(booking)

    receipt = await read_receipt(booking.id, house.ports)

    assert [line.label for line in receipt.money_lines] == ["Paid in cash"]
    assert receipt.paid_cents == booking.total_cents


async def test_given_anothers_booking_when_invoiced_then_it_does_not_exist() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    with pytest.raises(BookingNotFoundError) as refused:
        await read_invoice(booking.id, house.ports, customer_id=an_id())

    assert refused.value.code == "booking_not_found"


async def test_given_a_confirmed_booking_when_its_bill_is_read_then_it_has_no_surcharge() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)

    bill = await read_bill_of_lading(booking.id, house.ports)

    assert {line.kind for line in bill.carried} <= {
        LineKind.BASE,
        LineKind.SPECIALTY,
        LineKind.ORGANIZING,
        LineKind.ADDON,
    }
    assert bill.carried[0].kind is LineKind.BASE


async def test_given_an_unpaid_booking_when_its_bill_is_read_then_nothing_is_carried() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    with pytest.raises(NotCarriedError) as refused:
        await read_bill_of_lading(booking.id, house.ports)

    assert str(refused.value).endswith("is pending: nothing is carried for it")
