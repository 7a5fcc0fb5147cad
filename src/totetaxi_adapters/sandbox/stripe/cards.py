"""The test cards: what each one does when it is charged, and when it is refunded."""

from enum import Enum, auto
from typing import Final

import attrs


class Reaction(Enum):
    """What the bank does with an attempt to pay."""

    PAYS = auto()
    DECLINES = auto()
    ASKS = auto()  # 3-D Secure: the payer must approve first
    TAKES_TIME = auto()


class RefundReaction(Enum):
    """What the bank does with a refund."""

    SUCCEEDS = auto()
    PENDS = auto()  # succeeds a little later
    FAILS = auto()  # succeeds, and fails a little later


@attrs.frozen
class Decline:
    """Why a card is refused: the codes for us, the sentence for the payer."""

    code: str
    decline_code: str | None
    message: str


@attrs.frozen
class Card:
    """A test card by its number, and by the token that names it in API calls."""

    number: str
    token: str
    brand: str = "visa"
    reaction: Reaction = Reaction.PAYS
    decline: Decline | None = None
    refund: RefundReaction = RefundReaction.SUCCEEDS
    dispute_reason: str | None = None  # its charge is disputed for this, a little later
    is_inquiry: bool = False  # the bank only asks: no money moves yet
    can_be_saved: bool = True
    asks_once: bool = False  # approved when it was saved, it is not asked for again

    @property
    def last_four(self) -> str:
        return self.number[-4:]


def _declined(
    number: str,
    token: str,
    decline_code: str | None,
    message: str = "Your card was declined.",
    *,
    code: str = "card_declined",
    can_be_saved: bool = False,
) -> Card:
    decline = Decline(code, decline_code, message)
    return Card(
        number, token, reaction=Reaction.DECLINES, decline=decline, can_be_saved=can_be_saved
    )


CARDS: Final = (
    Card("4242424242424242", "pm_card_visa"),
    Card("5555555555554444", "pm_card_mastercard", "mastercard"),
    Card("378282246310005", "pm_card_amex", "amex"),
    Card("4000000000000077", "pm_card_bypassPending"),
    _declined("4000000000000002", "pm_card_visa_chargeDeclined", "generic_decline"),
    _declined(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    _declined("4000000000009987", "pm_card_visa_chargeDeclinedLostCard", "lost_card"),
    _declined("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard", "stolen_card"),
    _declined(
        "4000000000000069",
        "pm_card_chargeDeclinedExpiredCard",
        None,
        "Your card has expired.",
        code="expired_card",
    ),
    _declined(
        "4000000000000127",
        "pm_card_chargeDeclinedIncorrectCvc",
        None,
        "Your card's security code is incorrect.",
        code="incorrect_cvc",
    ),
    _declined(
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        None,
        "An error occurred while processing your card. Try again in a little bit.",
        code="processing_error",
    ),
    _declined(
        "4000000000000341", "pm_card_chargeCustomerFail", "generic_decline", can_be_saved=True
    ),
    _declined("4100000000000019", "pm_card_radarBlock", "fraudulent"),
    Card("4000002760003184", "pm_card_authenticationRequired", reaction=Reaction.ASKS),
    Card(
        "4000002500003155",
        "pm_card_authenticationRequiredOnSetup",
        reaction=Reaction.ASKS,
        asks_once=True,
    ),
    Card("4000000000007726", "pm_card_pendingRefund", refund=RefundReaction.PENDS),
    Card("4000000000005126", "pm_card_refundFail", refund=RefundReaction.FAILS),
    Card("4000000000000259", "pm_card_createDispute", dispute_reason="fraudulent"),
    Card(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        dispute_reason="product_not_received",
    ),
    Card(
        "4000000000001976",
        "pm_card_createDisputeInquiry",
        dispute_reason="fraudulent",
        is_inquiry=True,
    ),
    # Stripe has no card that stays `processing` (bank debits do): this number is the sandbox's.
    Card("4000000000008880", "pm_card_sandboxProcessing", reaction=Reaction.TAKES_TIME),
)
BY_NUMBER: Final = {card.number: card for card in CARDS}
BY_TOKEN: Final = {card.token: card for card in CARDS}


def card_of_number(number: str) -> Card:
    """Return the test card; any other number becomes a card that is declined as at Stripe."""
    digits = "".join(number.split()).replace("-", "")
    known = BY_NUMBER.get(digits)
    if known is not None:
        return known
    if not _is_card_number(digits):
        message = "Your card number is incorrect."
        return _declined("0000", "pm_card_incorrectNumber", None, message, code="incorrect_number")
    message = "Your card was declined. Your request was in test mode, but used a non test card."
    return _declined(digits[-4:], "pm_card_notATestCard", "test_mode_live_card", message)


def _is_card_number(digits: str) -> bool:
    """Check length and check digit (ISO/IEC 7812, annex B)."""
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):  # noqa: PLR2004  the norm's lengths
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(
        divmod(value, 10)[0] + value % 10 for value in doubled
    )
    return total % 10 == 0
