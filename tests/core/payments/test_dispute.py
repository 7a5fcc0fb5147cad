from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_booking, a_dispute, a_payment
from totetaxi_core.payments.dispute import DisputeStatus, status_of
from totetaxi_core.payments.dispute_gateway import DisputeState, ProviderDispute

LATER = NOW + timedelta(days=3)


def at_stripe(state: DisputeState, *, withdrawn_cents: int = 0) -> ProviderDispute:
    return ProviderDispute(
        id="dp_1",
        state=state,
        amount_cents=99_500,
        withdrawn_cents=withdrawn_cents,
        intent_id="pi_1",
        charge_id="ch_1",
        reason="fraudulent",
        is_refundable=False,
        due_by=None,
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("state", "withdrawn_cents", "status"),
    [
        (DisputeState.WARNING_NEEDS_RESPONSE, 0, DisputeStatus.INQUIRY),
        (DisputeState.WARNING_UNDER_REVIEW, 0, DisputeStatus.INQUIRY),
        (DisputeState.WARNING_CLOSED, 0, DisputeStatus.INQUIRY),
        (DisputeState.NEEDS_RESPONSE, 99_500, DisputeStatus.OPEN),
        (DisputeState.NEEDS_RESPONSE, 0, DisputeStatus.OPEN),
        (DisputeState.UNDER_REVIEW, 99_500, DisputeStatus.OPEN),
        (DisputeState.WON, 0, DisputeStatus.WON),
        (DisputeState.LOST, 99_500, DisputeStatus.LOST),
        (DisputeState.PREVENTED, 0, DisputeStatus.INQUIRY),
        (DisputeState.UNKNOWN, 0, DisputeStatus.INQUIRY),
        (DisputeState.UNKNOWN, 99_500, DisputeStatus.OPEN),
    ],
)
def test_given_stripes_word_when_read_then_one_we_do_not_know_goes_by_the_money(
    state: DisputeState, withdrawn_cents: int, status: DisputeStatus
) -> None:
    provider = at_stripe(state, withdrawn_cents=withdrawn_cents)

    read = status_of(provider)

    assert read is status


@pytest.mark.parametrize(
    ("status", "is_refundable", "blocks"),
    [
        (DisputeStatus.OPEN, False, True),
        (DisputeStatus.OPEN, True, False),
        (DisputeStatus.INQUIRY, False, False),
        (DisputeStatus.WON, False, False),
        (DisputeStatus.LOST, False, False),
    ],
)
def test_given_a_dispute_when_a_refund_is_wished_then_only_an_open_one_is_in_its_way(
    status: DisputeStatus, *, is_refundable: bool, blocks: bool
) -> None:
    dispute = a_dispute(a_payment(a_booking()))

    standing = replace(dispute, status=status, is_refundable=is_refundable)

    assert standing.blocks_refunds is blocks


def test_given_a_lost_dispute_when_won_on_appeal_then_it_follows_and_is_dated_anew() -> None:
    lost = replace(a_dispute(a_payment(a_booking())), status=DisputeStatus.LOST)

    won = lost.follow(at_stripe(DisputeState.WON), at=LATER)

    assert (won.status, won.withdrawn_cents, won.updated_at) == (DisputeStatus.WON, 0, LATER)
    assert (won.id, won.created_at) == (lost.id, lost.created_at)


def test_given_nothing_new_when_followed_then_the_dispute_is_the_same() -> None:
    dispute = a_dispute(a_payment(a_booking()))
    same = replace(
        at_stripe(DisputeState.UNDER_REVIEW, withdrawn_cents=dispute.withdrawn_cents),
        due_by=dispute.due_by,
    )

    followed = dispute.follow(same, at=LATER)

    assert followed is dispute
