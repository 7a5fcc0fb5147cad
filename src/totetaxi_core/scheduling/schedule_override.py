"""The leave staff take to book outside the schedule."""

from dataclasses import dataclass

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal

MAX_REASON = 500

LIFTABLE = frozenset(
    {
        ScheduleRefusal.SAME_DAY,
        ScheduleRefusal.NOTICE,
        ScheduleRefusal.HORIZON,
        ScheduleRefusal.WEEKEND,
        ScheduleRefusal.HOLIDAY,
        ScheduleRefusal.CLOSED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOverride:
    """A staff member books where customers may not.

    It lifts what is `LIFTABLE`, and the reason goes on record; the past and the pickup hours
    stand against anyone.
    """

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise _bad_reason("blank", "say why the schedule is overridden")
        if len(self.reason) > MAX_REASON:
            raise _bad_reason("too_long", f"must be at most {MAX_REASON} characters")

    def lifts(self, refusal: ScheduleRefusal) -> bool:
        return refusal in LIFTABLE


def _bad_reason(code: str, message: str) -> InvalidInputError:
    return InvalidInputError((FieldFault(field="reason", code=code, message=message),))
