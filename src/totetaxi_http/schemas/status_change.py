"""How staff move a booking from one status to the next."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.wire.constraints import Text, Whole

CASH = "cash"
NOTES = Text(max_length=500, min_length=0, multiline=True)


class TargetStatus(StrEnum):
    """Where staff may move a booking: it never becomes pending again."""

    CONFIRMED = BookingStatus.CONFIRMED
    IN_PROGRESS = BookingStatus.IN_PROGRESS
    COMPLETED = BookingStatus.COMPLETED
    CANCELLED = BookingStatus.CANCELLED


@attrs.frozen(kw_only=True)
class StatusChangeBody:
    """Which status, and why.

    `confirmed` is for a booking whose whole price was paid in cash, which `payment` says.
    `cancelled` sends back all that is left: once something was paid, `expected_refund_cents` must
    say how much that is. `version` is the one that was seen, as in `If-Match`.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "status": "in_progress",
        "notes": "the crew has left the depot",
        "version": 2,
    }

    status: TargetStatus
    notes: Annotated[str, NOTES] = ""
    expected_refund_cents: Annotated[int, Whole(minimum=0)] | None = None
    payment: Literal["cash"] | None = None
    version: Annotated[int, Whole(minimum=1)] | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        del state
        return _contradictions(good)

    def check(self) -> None:
        """Refuse fields that do not go together.

        Raises:
            InvalidInputError: names each of them.
        """
        if faults := tuple(_contradictions(attrs.asdict(self))):
            raise InvalidInputError(faults)


@attrs.frozen(kw_only=True)
class StatusChangeResponse:
    """The booking as it now stands."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "TT-7K3M9QXA is in progress.",
        "booking": {
            **CONFIRMED,
            "status": "in_progress",
            "updated_at": "2026-12-01T14:10:00Z",
        },
    }

    message: str
    booking: BookingResponse


def _contradictions(good: Mapping[str, Any]) -> Iterator[FieldFault]:
    if "status" not in good:
        return
    status = good["status"]
    if status is TargetStatus.CONFIRMED and "payment" in good and good["payment"] is None:
        message = f"is required with confirmed: {CASH}; a card confirms it by itself"
        yield FieldFault(field="payment", code="missing", message=message)
    for field, only in (
        ("payment", TargetStatus.CONFIRMED),
        ("expected_refund_cents", TargetStatus.CANCELLED),
    ):
        if good.get(field) is not None and status is not only:
            message = f"belongs to the status {only}"
            yield FieldFault(field=field, code="not_applicable", message=message)
