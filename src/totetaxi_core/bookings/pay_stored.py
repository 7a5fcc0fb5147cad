"""Have something that is stored paid: by a saved card at once, or by an intent for the payer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from totetaxi_core.customers.payment_method import PaymentMethodNotFoundError
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    PaymentDeclinedError,
    PaymentIntent,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_core.ports import Ports, Terms


class PaymentFailure(StrEnum):
    """Why what stands could not be paid yet."""

    UNAVAILABLE = "payment_unavailable"
    DECLINED = "payment_declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What came of it: the intent to pay by, or paid by, unless `failure` says why there is none.

    After a declined card there are both; `decline_message` is the bank's sentence for the payer.
    `is_past`: the booking may stand otherwise by now.
    """

    intent: PaymentIntent | None = None
    failure: PaymentFailure | None = None
    decline_message: str | None = None
    is_past: bool = False


async def charge_card(
    booking_id: UUID, payment_method_id: UUID, ports: Ports, terms: Terms, *, customer_id: UUID
) -> Paying:
    """Charge the card; declined, the booking waits for another, with an intent to pay it by.

    Raises:
        InvalidTransitionError, PaymentUnderWayError, PaymentIncompleteError: it was paid, or ended.
    """
    try:
        intent = await pay_with_card(
            booking_id, payment_method_id, ports, terms, customer_id=customer_id
        )
    except (PaymentUnavailableError, PaymentMisconfiguredError, IntentNotFoundError):
        return Paying(failure=PaymentFailure.UNAVAILABLE, is_past=True)
    except (PaymentDeclinedError, PaymentMethodNotFoundError) as error:
        opened = await open_payment(booking_id, ports, terms)
        declined = PaymentFailure.DECLINED
        return replace(opened, failure=declined, decline_message=str(error), is_past=True)
    return Paying(intent=intent, is_past=True)


async def open_payment(booking_id: UUID, ports: Ports, terms: Terms) -> Paying:
    """Return the intent for the payer.

    Raises:
        InvalidTransitionError, PaymentUnderWayError: it was paid, or ended.
    """
    try:
        return Paying(intent=await open_intent(booking_id, ports, terms))
    except (PaymentUnavailableError, PaymentMisconfiguredError):
        return Paying(failure=PaymentFailure.UNAVAILABLE)
