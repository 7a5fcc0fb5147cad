"""ZIP codes and state codes."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import attrs

from totetaxi_http.wire.constraints import Constraint, Structure
from totetaxi_http.wire.faults import FaultyValueError

_ZIP = r"[0-9]{5}(-[0-9]{4})?"
_ZIP_CODE = re.compile(_ZIP)
# The codes of USPS Publication 28, Appendix B: states, the capital, territories, forces.
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ"
    " NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    " AS FM GU MH MP PR PW VI AA AE AP"
)
STATES = frozenset(_STATES.split())


@attrs.frozen
class ZipSyntax(Constraint):
    """`12345` or `12345-6789`, trimmed; whether we serve it is the price book's to say."""

    def apply(self, value: Any, inner: Structure) -> str:  # noqa: ANN401
        text: str = inner(value).strip()
        if not _ZIP_CODE.fullmatch(text):
            raise FaultyValueError("not_a_zip_code", "must be a ZIP code: 12345 or 12345-6789")
        return text

    def keywords(self) -> Mapping[str, Any]:
        return {"pattern": f"^{_ZIP}$", "examples": ["10001"]}


@attrs.frozen
class StateSyntax(Constraint):
    """A two-letter US state code, upper-cased."""

    def apply(self, value: Any, inner: Structure) -> str:  # noqa: ANN401
        text: str = inner(value).strip().upper()
        if text not in STATES:
            raise FaultyValueError("not_a_state", "must be a two-letter US state code")
        return text

    def keywords(self) -> Mapping[str, Any]:
        return {"min_length": 2, "max_length": 2, "examples": ["NY"]}


ZipCode = Annotated[str, ZipSyntax()]
StateCode = Annotated[str, StateSyntax()]
