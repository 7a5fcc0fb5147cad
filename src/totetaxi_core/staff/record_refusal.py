"""Put on record what the business refused a member of staff: after it rolled back, by itself.

Input that is not valid is no act; nor are an outage and what is on record where it was refused: a
permission that is missing, a login or a password that failed.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from totetaxi_core.accounts.access_token import InvalidTokenError, WrongAudienceError
from totetaxi_core.accounts.credentials import InvalidCredentialsError
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierUnavailableError,
)
from totetaxi_core.logistics.route_planner import PlannerUnavailableError
from totetaxi_core.payments.gateway import PaymentMisconfiguredError, PaymentUnavailableError
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError, InvalidInputError
from totetaxi_core.staff.change_own_password import WrongPasswordError
from totetaxi_core.staff.login_tries import AccountLockedError
from totetaxi_core.staff.permission import PermissionDeniedError
from totetaxi_core.staff.staff_account import AccountDisabledError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import DatabaseUnavailableError, UnitOfWork

INVALID: Final = (InvalidInputError,)
RECORDED: Final = (
    AccountDisabledError,
    AccountLockedError,
    InvalidCredentialsError,
    InvalidTokenError,
    PermissionDeniedError,
    WrongAudienceError,
    WrongPasswordError,
)
OUTAGES: Final = (
    CourierMisconfiguredError,
    CourierUnavailableError,
    DatabaseUnavailableError,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
    PlannerUnavailableError,
)
NOT_HERE: Final = (*INVALID, *RECORDED, *OUTAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAct:
    """What was tried: `action_type` is the permission it took, `subject` what it was about."""

    staff_name: str
    action_type: str
    staff_id: UUID | None = None
    subject: str | None = None
    booking_id: UUID | None = None


async def record_refusal(error: DomainError, tried: RefusedAct, ports: Ports) -> bool:
    """Record a refusal that belongs here, in a transaction of its own; tell whether it did.

    Raises:
        DatabaseUnavailableError: it is not on record; the refusal itself stands.
    """
    if isinstance(error, NOT_HERE):
        return False
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=tried.staff_name,
                staff_id=tried.staff_id,
                action_type=tried.action_type,
                description=f"{error.code}: {error}",
                booking_id=await _known(tried.booking_id, uow),
                created_at=ports.clock(),
                subject=tried.subject,
                is_refused=True,
            )
        )
        await uow.commit()
    return True


async def _known(booking_id: UUID | None, uow: UnitOfWork) -> UUID | None:
    """Return the id if there is such a booking: an act names none that never was."""
    if booking_id is None:
        return None
    try:
        await uow.bookings.get(booking_id)
    except BookingNotFoundError:
        return None
    return booking_id
