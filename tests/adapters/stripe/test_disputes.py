from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from totetaxi_adapters.stripe.disputes import dispute_from
from totetaxi_core.payments.dispute_gateway import DisputeState
from totetaxi_core.payments.gateway import PaymentMisconfiguredError

DISPUTE: dict[str, Any] = {
    "id": "dp_1",
    "object": "dispute",
    "amount": 99_500,
    "balance_transactions": [{"amount": -99_500, "fee": 1_500, "net": -101_000}],
    "charge": {"id": "ch_1", "object": "charge"},
    "created": 1_800_000_000,
    "evidence_details": {"due_by": 1_800_777_600, "submission_count": 0},
    "is_charge_refundable": False,
    "payment_intent": "pi_1",
    "reason": "fraudulent",
    "status": "needs_response",
}


def dispute(**changes: object) -> stripe.Dispute:
    answer: stripe.Dispute = stripe.Dispute.construct_from({**DISPUTE, **changes}, None)
    return answer


def test_given_a_dispute_when_read_then_the_fee_is_apart_and_ids_may_come_whole() -> None:
    read = dispute_from(dispute())

    assert (read.withdrawn_cents, read.amount_cents) == (99_500, 99_500)
    assert (read.intent_id, read.charge_id) == ("pi_1", "ch_1")
    assert read.due_by == datetime.fromtimestamp(1_800_777_600, UTC)


@pytest.mark.parametrize(
    ("moved", "withdrawn_cents"),
    [([], 0), ([-99_500, 99_500], 0), ([-99_500, 99_500, -99_500], 99_500), ([100], 0)],
)
def test_given_money_taken_and_given_back_when_read_then_what_is_withdrawn_now_counts(
    moved: list[int], withdrawn_cents: int
) -> None:
    answer = dispute(balance_transactions=[{"amount": amount} for amount in moved])

    read = dispute_from(answer)

    assert read.withdrawn_cents == withdrawn_cents


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("prevented", DisputeState.PREVENTED),
        ("appeal_under_review", DisputeState.UNKNOWN),
        ("a_word_of_tomorrow", DisputeState.UNKNOWN),
    ],
)
def test_given_a_status_of_any_word_when_read_then_it_is_taken(
    status: str, state: DisputeState
) -> None:
    answer = dispute(status=status, evidence_details={"due_by": None}, payment_intent=None)

    read = dispute_from(answer)

    assert (read.state, read.due_by, read.intent_id) == (state, None, None)


def test_given_an_answer_that_is_no_dispute_when_read_then_it_is_refused() -> None:
    with pytest.raises(PaymentMisconfiguredError, match="cannot read"):
        dispute_from(dispute(balance_transactions=None))
