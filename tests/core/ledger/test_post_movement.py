from dataclasses import replace

import pytest

from tests.builders import NOW, a_booking, a_payment, a_refund, a_rich_quote
from tests.core.ledger.books import Books, a_dispute
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, UnbalancedEntryError
from totetaxi_core.ledger.post_movement import ChargeNotPostedError, post_charge
from totetaxi_core.payments.payment import PaymentPurpose
from totetaxi_core.pricing import LineKind, QuoteLine


async def test_given_a_rich_quote_when_charged_then_each_line_is_in_its_account() -> None:
    books = Books()
    booking = a_booking(offer=a_rich_quote())
    kinds = booking.quote.totals_by_kind

    payment = await books.charge(booking)

    [entry] = books.entries
    assert (entry.kind, entry.cause) == (EntryKind.CHARGE, f"charge:{payment.id}")
    assert (entry.booking_id, entry.payment_id, entry.posted_at) == (booking.id, payment.id, NOW)
    assert books.balances() == {
        Account.STRIPE: booking.total_cents,
        Account.REVENUE: -(booking.total_cents - kinds[LineKind.TAX] - kinds[LineKind.DISCOUNT]),
        Account.DISCOUNTS: -kinds[LineKind.DISCOUNT],
        Account.TAX: -kinds[LineKind.TAX],
    }


async def test_given_a_plain_quote_when_charged_twice_then_it_is_posted_once() -> None:
    books = Books()
    booking = a_booking()
    payment = await books.charge(booking)

    async with books.house.ports.unit_of_work() as uow:
        await post_charge(uow, booking, payment, books.ids, at=NOW)
        await uow.commit()

    assert books.balances() == {Account.STRIPE: 99_500, Account.REVENUE: -99_500}
    assert len(books.entries) == 1


async def test_given_a_payment_that_is_not_the_quotes_total_when_charged_then_it_is_refused() -> (
    None
):
    books = Books()
    booking = a_booking()
    payment = replace(a_payment(booking), amount_cents=booking.total_cents + 1)

    async with books.house.ports.unit_of_work() as uow:
        with pytest.raises(UnbalancedEntryError):
            await post_charge(uow, booking, payment, books.ids, at=NOW)

    assert books.entries == []


async def test_given_a_booking_that_costs_nothing_when_posted_then_its_discount_is_its_price() -> (
    None
):
    books = Books()
    quote = a_booking().quote
    off = QuoteLine(kind=LineKind.DISCOUNT, code="ALL", label="All", amount_cents=-99_500)
    free = a_booking(offer=replace(quote, lines=(*quote.lines, off), total_cents=0))
    empty = a_booking(offer=replace(quote, lines=(), total_cents=0))

    async with books.house.ports.unit_of_work() as uow:
        for booking in (free, empty):
            await post_charge(uow, booking, None, books.ids, at=NOW)
        await uow.commit()

    [entry] = books.entries
    assert (entry.cause, entry.payment_id) == (f"charge:{free.id}", None)
    assert books.balances() == {Account.REVENUE: -99_500, Account.DISCOUNTS: 99_500}


async def test_given_money_that_came_twice_when_sent_back_then_it_was_never_ours() -> None:
    books = Books()
    payment = await books.charge(purpose=PaymentPurpose.DUPLICATE)
    came = books.balances()

    await books.refund(payment, payment.amount_cents)

    assert came == {
        Account.STRIPE: payment.amount_cents,
        Account.CUSTOMER_MONEY: -payment.amount_cents,
    }
    assert books.balances() == {}


async def test_given_partial_refunds_when_all_has_gone_back_then_so_has_the_tax() -> None:
    books = Books()
    payment = await books.charge()
    charged = books.balances()
    parts = (1, 33_333, 10, 77_777)

    for amount_cents in (*parts, payment.amount_cents - sum(parts)):
        await books.refund(payment, amount_cents)

    given_back = [entry.amount_in(Account.TAX) for entry in books.entries[1:]]
    assert min(given_back) >= 0
    assert sum(given_back) == -charged[Account.TAX]
    assert books.balances() == {
        Account.REVENUE: charged[Account.REVENUE],
        Account.DISCOUNTS: charged[Account.DISCOUNTS],
        Account.REFUNDS: -charged[Account.REVENUE] - charged[Account.DISCOUNTS],
    }


async def test_given_a_refund_when_posted_again_or_failed_twice_then_each_is_posted_once() -> None:
    books = Books()
    payment = await books.charge()
    charged = books.balances()
    refund = await books.refund(payment, 44_444)
    await books.post(refund)
    gone = books.balances()

    await books.fail(refund)
    await books.fail(refund)

    assert gone[Account.STRIPE] == charged[Account.STRIPE] - 44_444
    assert [entry.kind for entry in books.entries] == [
        EntryKind.CHARGE,
        EntryKind.REFUND,
        EntryKind.REFUND_FAILED,
    ]
    assert books.balances() == charged


async def test_given_a_refund_that_was_never_made_when_it_fails_then_nothing_is_posted() -> None:
    books = Books()
    payment = await books.charge()

    await books.fail(a_refund(payment))

    assert [entry.kind for entry in books.entries] == [EntryKind.CHARGE]


async def test_given_an_early_refund_that_failed_when_the_rest_goes_back_then_tax_is_whole() -> (
    None
):
    books = Books()
    payment = await books.charge()
    first = await books.refund(payment, 50_000)
    await books.refund(payment, 60_000)
    await books.fail(first)

    await books.refund(payment, payment.amount_cents - 60_000)

    assert Account.TAX not in books.balances()
    assert Account.STRIPE not in books.balances()


async def test_given_a_charge_the_ledger_does_not_have_when_refunded_then_it_is_refused() -> None:
    books = Books()
    payment = a_payment(a_booking())

    with pytest.raises(ChargeNotPostedError) as refusal:
        await books.refund(payment, 100)
    with pytest.raises(ChargeNotPostedError):
        await books.dispute(a_dispute(payment), withdrawn_cents=100)

    assert refusal.value.code == "charge_not_posted"
    assert books.entries == []


async def test_given_a_dispute_when_it_moves_then_only_what_changed_is_posted() -> None:
    books = Books()
    payment = await books.charge()
    dispute = a_dispute(payment)

    for withdrawn_cents in (0, 5_000, 5_000, 2_000, 0, 5_000):
        await books.dispute(dispute, withdrawn_cents=withdrawn_cents)

    moved = [
        (entry.kind, entry.cause, entry.amount_in(Account.DISPUTE_LOSSES))
        for entry in books.entries[1:]
    ]
    assert moved == [
        (EntryKind.DISPUTE, "dispute:du_1:1", 5_000),
        (EntryKind.DISPUTE_RETURNED, "dispute:du_1:2", -3_000),
        (EntryKind.DISPUTE_RETURNED, "dispute:du_1:3", -2_000),
        (EntryKind.DISPUTE, "dispute:du_1:4", 5_000),
    ]
    assert books.balances()[Account.STRIPE] == payment.amount_cents - 5_000


async def test_given_money_that_came_twice_when_disputed_then_only_what_went_twice_is_lost() -> (
    None
):
    books = Books()
    payment = await books.charge(purpose=PaymentPurpose.DUPLICATE)
    charged = payment.amount_cents
    dispute = a_dispute(payment)
    await books.refund(payment, 1_000)

    await books.dispute(dispute, withdrawn_cents=charged)
    lost = books.balances()
    await books.dispute(dispute, withdrawn_cents=500)
    returned = books.balances()

    assert lost == {Account.STRIPE: -1_000, Account.DISPUTE_LOSSES: 1_000}
    assert returned == {
        Account.STRIPE: charged - 1_500,
        Account.CUSTOMER_MONEY: -(charged - 1_500),
    }
