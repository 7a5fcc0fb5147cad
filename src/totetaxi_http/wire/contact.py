"""E-mail addresses and telephone numbers."""

from collections.abc import Mapping
from typing import Annotated, Any

import attrs
import phonenumbers
from email_validator import EmailNotValidError, validate_email
from litestar.openapi.spec.enums import OpenAPIFormat

from totetaxi_http.wire.constraints import Constraint, Structure
from totetaxi_http.wire.faults import FaultyValueError

_LONGEST_EMAIL = 254
_LONGEST_PHONE = 32
_REGION = "US"


@attrs.frozen
class EmailSyntax(Constraint):
    """An address any mail server takes, by its syntax: ASCII before the @. No DNS asked.

    The domain comes in lower case: whoever compares addresses without case, here or in the
    database, then has `A` to `Z` alone to lower, on which all agree.
    """

    def apply(self, value: Any, inner: Structure) -> str:  # noqa: ANN401
        text: str = inner(value).strip()
        if len(text) > _LONGEST_EMAIL:
            raise FaultyValueError("too_long", f"must have at most {_LONGEST_EMAIL} characters")
        try:
            return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError as error:
            raise FaultyValueError("not_an_email", "must be an e-mail address") from error

    def keywords(self) -> Mapping[str, Any]:
        return {"format": OpenAPIFormat.EMAIL, "max_length": _LONGEST_EMAIL}


@attrs.frozen
class PhoneSyntax(Constraint):
    """A number that can exist; without a country code a US one. Kept as E.164: `+12125550123`."""

    def apply(self, value: Any, inner: Structure) -> str:  # noqa: ANN401
        text: str = inner(value).strip()
        if len(text) > _LONGEST_PHONE:
            raise FaultyValueError("too_long", f"must have at most {_LONGEST_PHONE} characters")
        try:
            number = phonenumbers.parse(text, _REGION)
        except phonenumbers.NumberParseException as error:
            raise FaultyValueError("not_a_phone_number", "must be a phone number") from error
        if not phonenumbers.is_valid_number(number):
            raise FaultyValueError("not_a_phone_number", "must be a phone number")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def keywords(self) -> Mapping[str, Any]:
        return {"max_length": _LONGEST_PHONE, "examples": ["+12125550123"]}


EmailAddress = Annotated[str, EmailSyntax()]
PhoneNumber = Annotated[str, PhoneSyntax()]
