"""Give the payer a pay page at Stripe: the open one if there is one, a new one otherwise."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.difference_link import owed_difference_link
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.bookings.pay_link import pay_link
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.checkout import CheckoutSession, SessionStatus
from totetaxi_core.payments.close_attempt import Closing
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.payments.live_attempt import LiveAttempt, end_attempt, give_way, live_attempt
from totetaxi_core.payments.live_session import session_of_attempt
from totetaxi_core.payments.payable import NotPayableError, is_awaited, require_awaited
from totetaxi_core.payments.payment import AttemptKind, AttemptState, PaymentAttempt
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

MAX_ATTEMPTS_A_CALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedLink:
    """Our own link, `url`, good until the hold ends. `has_replaced`: an older page is closed."""

    booking: Booking
    url: str
    lapses_at: datetime
    has_replaced: bool


async def open_payment_link(booking_id: UUID, ports: Ports, terms: Terms) -> CheckoutSession:
    """Return the booking's open session; an intent that waits for a card gives way to it.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotPayableError: it waits for no payment, its hold has lapsed, or its payer was faster.
        PaymentUnderWayError: a bank is still at its payment.
        PaymentUnavailableError: Stripe does not answer; the booking stands, ask again.
        PaymentMisconfiguredError: Stripe refuses us; a person must look.
    """
    return (await _open(booking_id, ports, terms))[0]


async def renew_payment_link(
    booking_id: UUID, ports: Ports, terms: Terms, *, staff_name: str
) -> RenewedLink:
    """Close what the booking could be paid by, open a new page and mail the link to it.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotPayableError: it waits for no payment, its hold has lapsed, or its payer was faster.
        PaymentUnderWayError: a bank is still at its payment.
        PaymentUnavailableError, PaymentMisconfiguredError: nothing was mailed.
    """
    has_replaced = await _close_old(booking_id, ports, terms)
    _, attempt = await _open(booking_id, ports, terms)
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id, lock=True)
        awaited = await require_awaited(booking, uow, ports)
        await _owe_mail(booking, attempt, uow, ports, terms)
        await uow.staff_acts.add(_act(booking, ports, staff_name=staff_name))
        await uow.commit()
    return RenewedLink(
        booking=booking,
        url=pay_link(booking, terms),
        lapses_at=awaited.until,
        has_replaced=has_replaced,
    )


async def _open(
    booking_id: UUID, ports: Ports, terms: Terms
) -> tuple[CheckoutSession, PaymentAttempt]:
    for _ in range(MAX_ATTEMPTS_A_CALL):
        live = await live_attempt(booking_id, ports, AttemptKind.CHECKOUT)
        if live is None:
            continue
        session = await _session(live, ports)
        if session is None or session.status is not SessionStatus.OPEN:
            await give_way(live, ports, terms)
        elif await _is_handed_out(session, live, ports):
            return session, live.attempt
    raise PaymentUnavailableError("the payment could not be started: please try again")


async def _session(live: LiveAttempt, ports: Ports) -> CheckoutSession | None:
    """Return the attempt's session; None when it is an intent, or Stripe has no session of it.

    A failure that Stripe keeps under the attempt's key ends the attempt: the next has a new key.
    """
    if live.attempt.kind is AttemptKind.INTENT or live.is_spare:
        return None
    try:
        return await session_of_attempt(live.attempt, live.payment, live.booking, ports)
    except PaymentUnavailableError as error:
        if error.answered and live.attempt.session_id is None:
            await end_attempt(live.attempt, Closing(is_closed=True, intent_id=None), ports)
        raise


async def _is_handed_out(session: CheckoutSession, live: LiveAttempt, ports: Ports) -> bool:
    """Store whose session it is; False when the attempt was ended while we were at Stripe.

    Raises:
        NotPayableError: the booking ended, or its hold has lapsed; the session is expired.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(live.booking.id, lock=True)
        if await is_awaited(live.payment, booking, uow, at=ports.clock()):
            return await _is_stored(session, live.attempt, uow)
    await ports.checkout.expire_session(session.id)
    raise NotPayableError(booking)


async def _is_stored(session: CheckoutSession, attempt: PaymentAttempt, uow: UnitOfWork) -> bool:
    attempts = await uow.payments.attempts(attempt.booking_id)
    present = next(each for each in attempts if each.id == attempt.id)
    if present.state is not AttemptState.LIVE:
        return False
    await uow.payments.save_attempt(replace(present, session_id=session.id))
    await uow.commit()
    return True


async def _close_old(booking_id: UUID, ports: Ports, terms: Terms) -> bool:
    """Close the live attempt, if there is one; True when it was a page somebody may have open."""
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        await require_awaited(booking, uow, ports)
        payments = {each.id: each for each in await uow.payments.of_booking(booking_id)}
        attempts = await uow.payments.attempts(booking_id)
    for attempt in attempts:
        if attempt.state is AttemptState.LIVE:
            await give_way(
                LiveAttempt(booking, payments[attempt.payment_id], attempt), ports, terms
            )
            return attempt.session_id is not None
    return False


async def _owe_mail(
    booking: Booking, attempt: PaymentAttempt, uow: UnitOfWork, ports: Ports, terms: Terms
) -> None:
    """Owe the mail with the link, once a page."""
    now = ports.clock()
    reschedule = await uow.reschedules.of_payment(attempt.payment_id)
    if reschedule is None:
        message = owed_message(ports.ids, MessageKind.PAYMENT_LINK, booking, at=now)
    else:
        message = owed_difference_link(ports.ids, booking, reschedule, terms, at=now)
    await uow.outbox.owe(replace(message, cause=f"{message.cause}:{attempt.id}"))


def _act(booking: Booking, ports: Ports, *, staff_name: str) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type="payment_link",
        description=f"sent a new payment link for {booking.booking_number}",
        booking_id=booking.id,
        created_at=ports.clock(),
    )
