"""Pay a booking with a saved card: the live intent is confirmed with it, then settled at once.

The intent is made first and charged by a second call. So a create that is repeated, to find or to
close an attempt, can never charge anybody; and one intent takes money once, however often it is
confirmed.

Source: docs/payments.md, "Pay with a saved card".
"""

from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.customers.payment_method import PaymentMethodNotFoundError
from totetaxi_core.payments.close_attempt import Closing
from totetaxi_core.payments.confirm_payment import PaymentIncompleteError
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentDeclinedError,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.live_attempt import LiveAttempt, end_attempt, give_way, live_attempt
from totetaxi_core.payments.open_intent import MAX_ATTEMPTS_A_CALL, find_intent, is_handed_out
from totetaxi_core.payments.payable import NotPayableError
from totetaxi_core.payments.payment import AttemptKind, AttemptState
from totetaxi_core.payments.refundable import FOR_THE_BOOKING
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.payments.settlement import Settlement
from totetaxi_core.ports import Ports, Terms

TAKES_CARD = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_CONFIRMATION})
UNDER_WAY = frozenset({IntentStatus.REQUIRES_ACTION, IntentStatus.PROCESSING})


async def pay_with_card(
    booking_id: UUID, payment_method_id: UUID, ports: Ports, terms: Terms, *, customer_id: UUID
) -> PaymentIntent:
    """Charge the customer's card for their booking and settle it; return the intent.

    `succeeded`: the booking is paid. `requires_action`: the payer's browser finishes it with the
    client secret, or the pay link does with any card. `processing`: the bank takes its time.
    Asked again, it goes on where it stood; once this card has paid, the same answer comes back.

    Raises:
        BookingNotFoundError: the customer has no such booking.
        PaymentMethodNotFoundError: the customer has no such card.
        PaymentDeclinedError: the bank refused; the booking waits for another try.
        NotPayableError: it waits for no payment, or its hold has lapsed.
        PaymentUnderWayError: a bank is still at a payment begun otherwise.
        PaymentIncompleteError: the money came too late and is sent back.
        PaymentUnavailableError: Stripe does not answer; the booking stands, ask again.
        PaymentMisconfiguredError: Stripe refuses us; a person must look.
    """
    paying = _Paying(booking_id, ports, terms, customer_id=customer_id)
    await paying.take_card(payment_method_id)
    try:
        return await paying.pay()
    except NotPayableError:
        paid = await paying.paid_before()
        if paid is None:
            raise
        return paid


class _Paying:
    """One customer who pays one booking with one card."""

    def __init__(self, booking_id: UUID, ports: Ports, terms: Terms, *, customer_id: UUID) -> None:
        self.booking_id, self.customer_id = booking_id, customer_id
        self.ports, self.terms = ports, terms
        self.owner, self.card = "", ""

    async def take_card(self, payment_method_id: UUID) -> None:
        async with self.ports.unit_of_work() as uow:
            await booking_of_customer(self.booking_id, self.customer_id, uow)
            method = await uow.payment_methods.get(self.customer_id, payment_method_id)
            owner = (await uow.customers.get(self.customer_id)).stripe_customer_id
        if owner is None:
            raise PaymentMethodNotFoundError
        self.owner, self.card = owner, method.stripe_payment_method_id

    async def pay(self) -> PaymentIntent:
        for _ in range(MAX_ATTEMPTS_A_CALL):
            opened = await live_attempt(
                self.booking_id, self.ports, AttemptKind.INTENT, stripe_customer_id=self.owner
            )
            if opened is None:
                continue
            if opened.is_spare or opened.attempt.stripe_customer_id != self.owner:
                await give_way(opened, self.ports, self.terms)
                continue
            intent = await find_intent(opened, self.ports)
            if intent is None or intent.status is IntentStatus.CANCELED:
                await self._end(opened, intent)
            elif self._waits_for_another(intent):
                await give_way(opened, self.ports, self.terms)
            elif await is_handed_out(intent, opened, self.ports):
                return await self._charged(intent)
        raise PaymentUnavailableError("the payment could not be started: please try again")

    async def paid_before(self) -> PaymentIntent | None:
        """Return the intent by which this card has paid what was last asked for; None if none has.

        A difference that was not paid in time is not paid by what the booking cost before.
        """
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(self.booking_id)
            payments = await uow.payments.of_booking(self.booking_id)
            attempts = await uow.payments.attempts(self.booking_id)
        if booking.status is BookingStatus.CANCELLED:
            return None
        asked = [each.id for each in payments if each.purpose in FOR_THE_BOOKING][-1:]
        for attempt in attempts:
            is_ours = attempt.stripe_customer_id == self.owner and attempt.payment_id in asked
            if is_ours and attempt.state is AttemptState.SUCCEEDED:
                intent = await self.ports.payments.get_intent(attempt.intent_id or "")
                if intent.stripe_payment_method_id == self.card:
                    return intent
        return None

    def _waits_for_another(self, intent: PaymentIntent) -> bool:
        """Tell whether a bank waits for the payer to approve another card."""
        is_waiting = intent.status is IntentStatus.REQUIRES_ACTION
        return is_waiting and intent.stripe_payment_method_id != self.card

    async def _end(self, opened: LiveAttempt, intent: PaymentIntent | None) -> None:
        gone_id = intent.id if intent else opened.attempt.intent_id
        await end_attempt(opened.attempt, Closing(is_closed=True, intent_id=gone_id), self.ports)

    async def _charged(self, intent: PaymentIntent) -> PaymentIntent:
        if intent.status in TAKES_CARD:
            intent = await self.ports.payments.confirm_intent(
                intent.id, stripe_payment_method_id=self.card
            )
        settlement = await settle_intent(intent.id, self.ports, self.terms)
        if settlement is None:
            raise IntentNotFoundError(f"{intent.id} is not of this booking")
        return _told(settlement)


def _told(settlement: Settlement) -> PaymentIntent:
    """Return the intent that was paid or is under way.

    Raises:
        PaymentDeclinedError, PaymentIncompleteError, NotPayableError: it is neither.
    """
    intent = settlement.intent
    if settlement.is_received and settlement.is_taken:
        return intent
    if settlement.is_received:
        raise PaymentIncompleteError(intent.status)
    if not settlement.is_unpaid:
        raise NotPayableError(settlement.booking)
    if intent.status in UNDER_WAY:
        return intent
    if intent.decline_message is not None:
        raise PaymentDeclinedError(intent.decline_message)
    raise PaymentIncompleteError(intent.status)
