"""The name a staff act is recorded under."""

from typing import Final

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_account import RESERVED
from totetaxi_http.wire import scalars
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.faults import FaultyValueError

OPTION: Final = "--as"
NAME: Final = Text(max_length=100)


def checked_staff_name(text: str) -> str:
    """Return the name, trimmed.

    Raises:
        InvalidInputError: it is blank, too long, or not a person's.
    """
    try:
        name = NAME.apply(text, scalars.text)
    except FaultyValueError as error:
        raise _refused(error.code, error.message) from error
    if name.lower() in RESERVED:
        raise _refused("reserved", f"{name} is not the name of a member of staff")
    return name


def _refused(code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=OPTION, code=code, message=message)])
