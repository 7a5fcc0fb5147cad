"""The one place that says what Onfleet's states mean to us."""

from typing import Final

from totetaxi_core.logistics.courier_task import CourierTaskStatus

UNASSIGNED, ASSIGNED, ACTIVE, COMPLETED = range(4)
UNDER_WAY_OR_OVER: Final = (ACTIVE, COMPLETED)

_OPEN = {
    UNASSIGNED: CourierTaskStatus.CREATED,
    ASSIGNED: CourierTaskStatus.ASSIGNED,
    ACTIVE: CourierTaskStatus.ACTIVE,
}
_ENDED = {True: CourierTaskStatus.COMPLETED, False: CourierTaskStatus.FAILED}
_STATES = {
    **{status: state for state, status in _OPEN.items()},
    CourierTaskStatus.COMPLETED: COMPLETED,
    CourierTaskStatus.FAILED: COMPLETED,
}


def status_of(state: object, *, success: bool | None) -> CourierTaskStatus | None:
    """Return our status; None for a state nobody knows, or an end without its outcome.

    State 3 is the end, whichever way it went: `success` tells.
    """
    if not isinstance(state, int) or isinstance(state, bool):
        return None
    if state == COMPLETED:
        return None if success is None else _ENDED[success]
    return _OPEN.get(state)


def state_of(status: CourierTaskStatus) -> int | None:
    """Return the state to ask Onfleet for; None where it has no such tasks."""
    return _STATES.get(status)
