"""Ask for a refund, approve it, reject it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.refund_views import show_to_terminal
from totetaxi_cli.staff_commands import StaffCommand, as_staff
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

Act = Callable[[Wiring, str], Awaitable[Refund]]


def request_to_terminal(
    number: str, *, staff: str, reason: str, amount_cents: int | None, as_json: bool
) -> None:
    """Ask for a refund and show it.

    Raises:
        InvalidInputError: no name or no reason.
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        RefundExceedsPaymentError: less is left.
    """
    request = RefundRequest(reason=_checked_reason(reason), amount_cents=amount_cents)

    async def act(wiring: Wiring, staff_name: str) -> Refund:
        booking = await look_up_status(number, wiring.ports)
        return await request_refund(booking.id, request, wiring.ports, staff_name=staff_name)

    _do(act, StaffCommand.REFUNDS_REQUEST, staff=staff, as_json=as_json)


def approve_to_terminal(refund_id: UUID, *, staff: str, as_json: bool) -> None:
    """Approve a refund and show it.

    Raises:
        PermissionDeniedError: staff may not.
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it does not wait for a decision.
    """

    async def act(wiring: Wiring, staff_name: str) -> Refund:
        return await approve_refund(refund_id, wiring.ports, staff_name=staff_name)

    _do(act, StaffCommand.REFUNDS_APPROVE, staff=staff, as_json=as_json)


def reject_to_terminal(refund_id: UUID, *, staff: str, as_json: bool) -> None:
    """Reject a refund and show it.

    Raises:
        PermissionDeniedError: staff may not.
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it does not wait for a decision.
    """

    async def act(wiring: Wiring, staff_name: str) -> Refund:
        return await reject_refund(refund_id, wiring.ports, staff_name=staff_name)

    _do(act, StaffCommand.REFUNDS_REJECT, staff=staff, as_json=as_json)


def _do(act: Act, command: StaffCommand, *, staff: str, as_json: bool) -> None:
    async def job(wiring: Wiring, staff_name: str) -> ListedRefund:
        refund = await act(wiring, staff_name)
        return await look_up_refund(refund.id, wiring.ports)

    show_to_terminal(run(as_staff(staff, command, job)), as_json=as_json)


def _checked_reason(text: str) -> str:
    try:
        return REASON.apply(text, scalars.text)
    except FaultyValueError as error:
        fault = FieldFault(field="--reason", code=error.code, message=error.message)
        raise InvalidInputError([fault]) from error
