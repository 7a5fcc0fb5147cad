"""What the business refuses staff goes on record, whatever becomes of what was tried."""

from uuid import UUID

import pytest

from tests.builders import an_id
from tests.core.staff.staffing import StaffHouse, a_staffed_house
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.payments.gateway import PaymentDeclinedError, PaymentUnavailableError
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.staff.permission import Permission, PermissionDeniedError
from totetaxi_core.staff.record_refusal import RefusedAct, record_refusal
from totetaxi_core.unit_of_work import DatabaseUnavailableError

FAULT = FieldFault(field="reason", code="missing", message="is required")


def tried(house: StaffHouse, *, booking_id: UUID | None = None) -> RefusedAct:
    return RefusedAct(
        staff_name="root",
        staff_id=house.root.id,
        action_type=Permission.REQUEST_REFUNDS,
        subject="refund:7",
        booking_id=booking_id,
    )


@pytest.mark.parametrize(
    "error",
    [
        RefundExceedsPaymentError("0 cents are left to refund"),
        BookingNotFoundError("TT-00000000"),
        PaymentDeclinedError("declined"),
    ],
)
async def test_given_a_refusal_of_the_business_when_recorded_then_it_says_who_what_and_why(
    error: DomainError,
) -> None:
    house = await a_staffed_house()

    recorded = await record_refusal(error, tried(house), house.ports)

    act = house.acts()[-1]
    assert recorded
    assert (act.staff_name, act.staff_id, act.is_refused) == ("root", house.root.id, True)
    assert (act.action_type, act.subject) == ("request_refunds", "refund:7")
    assert act.description == f"{error.code}: {error}"


@pytest.mark.parametrize(
    "error",
    [
        InvalidInputError([FAULT]),
        PermissionDeniedError("root", Permission.DISPATCH),
        InvalidTokenError(),
        PaymentUnavailableError("no answer"),
        DatabaseUnavailableError("no answer"),
    ],
)
async def test_given_input_access_or_an_outage_when_refused_then_it_is_no_act(
    error: DomainError,
) -> None:
    house = await a_staffed_house()
    told = house.told()

    recorded = await record_refusal(error, tried(house), house.ports)

    assert not recorded
    assert house.told() == told


async def test_given_a_booking_that_is_not_there_when_refused_then_the_act_names_none() -> None:
    house = await a_staffed_house()
    missing = an_id()

    await record_refusal(
        BookingNotFoundError(missing), tried(house, booking_id=missing), house.ports
    )

    assert house.acts()[-1].booking_id is None
