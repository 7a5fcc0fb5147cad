"""What was closed at Stripe ends an attempt only if that was all the attempt has."""

import pytest

from tests.builders import NOW, an_id
from totetaxi_core.payments.close_attempt import Closing
from totetaxi_core.payments.payment import AttemptKind, AttemptState, PaymentAttempt


@pytest.mark.parametrize(
    ("kind", "has", "closed", "is_covered"),
    [
        (AttemptKind.INTENT, None, None, True),
        (AttemptKind.INTENT, "one", "one", True),
        (AttemptKind.INTENT, "one", None, False),
        (AttemptKind.INTENT, "one", "other", False),
        (AttemptKind.CHECKOUT, None, "one", True),
        (AttemptKind.CHECKOUT, "one", "one", True),
        (AttemptKind.CHECKOUT, "one", None, False),
    ],
)
def test_given_what_an_attempt_has_when_something_is_closed_then_it_covers_only_the_same(
    kind: AttemptKind, has: str | None, closed: str | None, *, is_covered: bool
) -> None:
    is_checkout = kind is AttemptKind.CHECKOUT
    attempt = PaymentAttempt(
        id=an_id(),
        payment_id=an_id(),
        booking_id=an_id(),
        number=1,
        state=AttemptState.LIVE,
        created_at=NOW,
        kind=kind,
        intent_id=None if is_checkout else has,
        session_id=has if is_checkout else None,
    )

    closing = Closing(
        is_closed=True,
        intent_id=None if is_checkout else closed,
        session_id=closed if is_checkout else None,
    )

    assert closing.covers(attempt) is is_covered
