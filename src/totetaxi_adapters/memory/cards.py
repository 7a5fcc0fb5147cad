"""The test cards that the payment fake knows, by Stripe's own numbers for them."""

from dataclasses import dataclass
from typing import Final

from totetaxi_core.customers.card_gateway import SetupStatus
from totetaxi_core.payments.gateway import IntentStatus, RefundState

PAYS: Final = "4242424242424242"
DECLINES: Final = "4000000000000002"
DECLINES_ONCE_SAVED: Final = "4000000000000341"
NEEDS_APPROVAL: Final = "4000002760003184"
NEEDS_APPROVAL_ONCE: Final = "4000002500003155"
TAKES_TIME: Final = "4000000000008880"
REFUND_TAKES_TIME: Final = "4000000000007726"
REFUND_FAILS_LATER: Final = "4000000000005126"
DISPUTED: Final = "4000000000000259"
DISPUTED_AS_NOT_RECEIVED: Final = "4000000000002685"
INQUIRED: Final = "4000000000001976"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What an intent becomes when the card is presented, and a refund when it is made.

    A charge with `dispute_reason` is disputed at once; if `is_inquiry`, its bank only asks.
    `setup` is what a setup intent becomes; one approved there is `saved_status` when charged later.
    """

    number: str
    status: IntentStatus = IntentStatus.SUCCEEDED
    refund_state: RefundState = RefundState.SUCCEEDED
    brand: str = "visa"
    dispute_reason: str | None = None
    is_inquiry: bool = False
    setup: SetupStatus = SetupStatus.SUCCEEDED
    saved_status: IntentStatus | None = None

    @property
    def status_once_saved(self) -> IntentStatus:
        return self.saved_status or self.status

    @property
    def last_four(self) -> str:
        return self.number[-4:]


CARDS: Final = {
    card.number: card
    for card in (
        Card(number=PAYS),
        Card(
            number=DECLINES,
            status=IntentStatus.REQUIRES_PAYMENT_METHOD,
            setup=SetupStatus.REQUIRES_PAYMENT_METHOD,
        ),
        Card(number=DECLINES_ONCE_SAVED, status=IntentStatus.REQUIRES_PAYMENT_METHOD),
        Card(
            number=NEEDS_APPROVAL,
            status=IntentStatus.REQUIRES_ACTION,
            setup=SetupStatus.REQUIRES_ACTION,
        ),
        Card(
            number=NEEDS_APPROVAL_ONCE,
            status=IntentStatus.REQUIRES_ACTION,
            setup=SetupStatus.REQUIRES_ACTION,
            saved_status=IntentStatus.SUCCEEDED,
        ),
        Card(number=TAKES_TIME, status=IntentStatus.PROCESSING),
        Card(number=REFUND_TAKES_TIME, refund_state=RefundState.PENDING),
        Card(number=REFUND_FAILS_LATER),
        Card(number=DISPUTED, dispute_reason="fraudulent"),
        Card(number=DISPUTED_AS_NOT_RECEIVED, dispute_reason="product_not_received"),
        Card(number=INQUIRED, dispute_reason="fraudulent", is_inquiry=True),
    )
}
