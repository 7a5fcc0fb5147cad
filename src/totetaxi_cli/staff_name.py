"""The name a staff act is recorded under."""

from typing import Final

from totetaxi_core.bookings.guest_order import GUEST
from totetaxi_core.payments.refund import STRIPE, SYSTEM
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire import scalars
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.faults import FaultyValueError

OPTION: Final = "--as"
NAME: Final = Text(max_length=100)
# Who these names stand for acts without staff, and leaves no staff act.
NOT_STAFF: Final = frozenset({GUEST, STRIPE, SYSTEM, "customer"})


def checked_staff_name(text: str) -> str:
    """Return the name, trimmed.

    Raises:
        InvalidInputError: it is blank, too long, or not a person's.
    """
    try:
        name = NAME.apply(text, scalars.text)
    except FaultyValueError as error:
        raise _refused(error.code, error.message) from error
    if name.lower() in NOT_STAFF:
        raise _refused("reserved", f"{name} is not the name of a member of staff")
    return name


def _refused(code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=OPTION, code=code, message=message)])
