"""Ask for a refund, approve it, reject it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.refund_views import show_to_terminal
from totetaxi_cli.staff_name import checked_staff_name
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.payments.decide_refund import (
    RefundRequest,
    approve_refund,
    reject_refund,
    request_refund,
)
from totetaxi_core.payments.list_refunds import ListedRefund, look_up_refund
from totetaxi_core.payments.refund import Refund
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire import scalars
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.faults import FaultyValueError

REASON = Text(max_length=500)

Act = Callable[[Wiring], Awaitable[Refund]]


def request_to_terminal(
    number: str, *, staff: str, reason: str, amount_cents: int | None, as_json: bool
) -> None:
    """Ask for a refund and show it.

    Raises:
        InvalidInputError: no name or no reason.
        BookingNotFoundError: no booking has this number.
        RefundExceedsPaymentError: less is left.
    """
    staff_name = checked_staff_name(staff)
    request = RefundRequest(reason=_checked_reason(reason), amount_cents=amount_cents)

    async def act(wiring: Wiring) -> Refund:
        booking = await look_up_status(number, wiring.ports)
        return await request_refund(booking.id, request, wiring.ports, staff_name=staff_name)

    _do(act, as_json=as_json)


def approve_to_terminal(refund_id: UUID, *, staff: str, as_json: bool) -> None:
    """Approve a refund and show it.

    Raises:
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it does not wait for a decision.
    """
    staff_name = checked_staff_name(staff)
    _do(
        lambda wiring: approve_refund(refund_id, wiring.ports, staff_name=staff_name),
        as_json=as_json,
    )


def reject_to_terminal(refund_id: UUID, *, staff: str, as_json: bool) -> None:
    """Reject a refund and show it.

    Raises:
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it does not wait for a decision.
    """
    staff_name = checked_staff_name(staff)
    _do(
        lambda wiring: reject_refund(refund_id, wiring.ports, staff_name=staff_name),
        as_json=as_json,
    )


def _do(act: Act, *, as_json: bool) -> None:
    async def job(wiring: Wiring) -> ListedRefund:
        refund = await act(wiring)
        return await look_up_refund(refund.id, wiring.ports)

    show_to_terminal(run(job), as_json=as_json)


def _checked_reason(text: str) -> str:
    try:
        return REASON.apply(text, scalars.text)
    except FaultyValueError as error:
        fault = FieldFault(field="--reason", code=error.code, message=error.message)
        raise InvalidInputError([fault]) from error
