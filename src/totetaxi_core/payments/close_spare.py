"""Close what else could be paid for a booking that another payment has paid."""

from uuid import UUID

from totetaxi_core.payments.close_attempt import close_attempt
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.payments.live_attempt import end_attempt
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms


async def close_spare(booking_id: UUID, attempt_id: UUID, ports: Ports, terms: Terms) -> None:
    """Close the attempt at Stripe, then here; if its payer was faster, settle that too.

    Raises:
        BookingNotFoundError: no booking has this id.
        PaymentUnderWayError: a bank is still at it, so it cannot be closed yet; or it has got
            another page or intent meanwhile.
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        payments = {each.id: each for each in await uow.payments.of_booking(booking_id)}
        attempts = {each.id: each for each in await uow.payments.attempts(booking_id)}
    attempt = attempts[attempt_id]
    if attempt.state is not AttemptState.LIVE:
        return
    closing = await close_attempt(attempt, payments[attempt.payment_id], booking, ports)
    if closing.is_closed and await end_attempt(attempt, closing, ports):
        return
    if not closing.is_closed and closing.intent_id is not None:
        settlement = await settle_intent(closing.intent_id, ports, terms)
        if settlement is not None and settlement.intent.status is IntentStatus.SUCCEEDED:
            return
    raise PaymentUnderWayError(f"a second payment of {booking.booking_number} is under way")
