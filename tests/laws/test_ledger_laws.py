"""Whatever goes back, in whatever order: the ledger balances, and tax goes back with its sale."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger.books import Books, a_dispute
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.ledger.tax_share import TaxedCharge
from totetaxi_core.payments.payment import Payment, PaymentPurpose
from totetaxi_core.payments.refund import Refund

# Small ones too: there a cent weighs, and what was rounded adds up.
CHARGES = (st.integers(1, 12) | st.integers(1, 2_000_000)).flatmap(
    lambda charged_cents: st.tuples(st.just(charged_cents), st.integers(0, charged_cents))
)

ACTS = st.lists(
    st.tuples(st.sampled_from(["refund", "again", "fail", "dispute"]), st.integers(0, 400_000)),
    max_size=12,
)


def gone_back(charge: tuple[int, int], standing: list[tuple[int, int]]) -> TaxedCharge:
    charged_cents, tax_cents = charge
    return TaxedCharge(
        charged_cents=charged_cents,
        tax_cents=tax_cents,
        refunded_cents=sum(amount for amount, _ in standing),
        tax_refunded_cents=sum(tax for _, tax in standing),
    )


@given(charge=CHARGES, data=st.data())
def test_given_refunds_that_fail_at_random_when_all_is_back_then_all_of_its_tax_is(
    charge: tuple[int, int], data: st.DataObject
) -> None:
    charged_cents, tax_cents = charge
    standing: list[tuple[int, int]] = []
    for _ in range(data.draw(st.integers(0, 20))):
        left_cents = charged_cents - sum(amount for amount, _ in standing)
        fails = data.draw(st.booleans())
        if standing and fails:
            standing.remove(data.draw(st.sampled_from(standing)))
        elif left_cents:
            amount = data.draw(st.just(1) | st.integers(1, left_cents))
            standing.append((amount, gone_back(charge, standing).tax_share(amount)))
        back_cents = sum(tax for _, tax in standing)
        assert 0 <= back_cents <= tax_cents
        assert sum(amount for amount, _ in standing) - back_cents <= charged_cents - tax_cents

    left_cents = charged_cents - sum(amount for amount, _ in standing)
    if left_cents:
        standing.append((left_cents, gone_back(charge, standing).tax_share(left_cents)))

    assert all(0 <= tax <= amount for amount, tax in standing)
    assert sum(tax for _, tax in standing) == tax_cents


@given(charge=CHARGES, data=st.data())
def test_given_refunds_that_stand_when_one_is_made_then_tax_is_its_share_to_the_cent(
    charge: tuple[int, int], data: st.DataObject
) -> None:
    charged_cents, tax_cents = charge
    cuts = sorted(data.draw(st.sets(st.integers(1, charged_cents), min_size=1, max_size=6)))
    standing: list[tuple[int, int]] = []

    for start, end in zip([0, *cuts], cuts, strict=False):
        share = gone_back(charge, standing).tax_share(end - start)
        standing.append((end - start, share))

        back_cents = sum(tax for _, tax in standing)
        exact = tax_cents * end  # in parts of the charge, so that nothing is rounded
        assert back_cents * charged_cents <= exact < (back_cents + 1) * charged_cents


class Story:
    """One payment, and what stands of what went back: never more than was charged."""

    def __init__(self, books: Books, payment: Payment) -> None:
        self.books, self.payment, self.dispute = books, payment, a_dispute(payment)
        self.standing: list[Refund] = []
        self.withdrawn_cents = 0

    @property
    def refunded_cents(self) -> int:
        return sum(refund.amount_cents for refund in self.standing)

    async def act(self, name: str, figure: int) -> None:
        left_cents = self.payment.amount_cents - self.refunded_cents - self.withdrawn_cents
        if name == "refund" and left_cents:
            self.standing.append(await self.books.refund(self.payment, 1 + figure % left_cents))
        elif name == "dispute":
            room_cents = self.payment.amount_cents - self.refunded_cents
            self.withdrawn_cents = figure % (room_cents + 1)
            await self.books.dispute(self.dispute, withdrawn_cents=self.withdrawn_cents)
        elif name == "again" and self.standing:
            await self.books.post(self.standing[figure % len(self.standing)])
        elif name == "fail" and self.standing:
            failed = self.standing.pop(figure % len(self.standing))
            await self.books.fail(failed)
            await self.books.fail(failed)

    def check(self) -> None:
        held = self.books.balances()
        kept_cents = self.payment.amount_cents - self.refunded_cents - self.withdrawn_cents
        assert sum(held.values()) == 0
        assert held.get(Account.STRIPE, 0) == kept_cents
        assert held.get(Account.TAX, 0) <= 0
        assert held.get(Account.REFUNDS, 0) >= 0
        assert held.get(Account.DISPUTE_LOSSES, 0) >= 0
        if self.payment.purpose is PaymentPurpose.DUPLICATE:
            assert held.get(Account.CUSTOMER_MONEY, 0) == -kept_cents
        else:
            assert held.get(Account.DISPUTE_LOSSES, 0) == self.withdrawn_cents

    async def give_all_back(self) -> None:
        await self.act("dispute", 0)
        left_cents = self.payment.amount_cents - self.refunded_cents
        if left_cents:
            await self.act("refund", left_cents - 1)


@given(acts=ACTS, purpose=st.sampled_from(PaymentPurpose))
def test_given_any_movements_when_posted_then_the_ledger_balances_after_each(
    acts: list[tuple[str, int]], purpose: PaymentPurpose
) -> None:
    async def tell() -> None:
        books = Books()
        story = Story(books, await books.charge(purpose=purpose))
        story.check()
        for name, figure in acts:
            await story.act(name, figure)
            story.check()

        await story.give_all_back()

        story.check()
        earned = [Account.REVENUE, Account.DISCOUNTS, Account.REFUNDS]
        assert sum(total_in(account, books.entries) for account in earned) == 0
        assert not {Account.STRIPE, Account.TAX, Account.CUSTOMER_MONEY} & books.balances().keys()

    asyncio.run(tell())
