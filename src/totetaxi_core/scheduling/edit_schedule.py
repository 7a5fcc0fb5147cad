"""Staff change the schedule: a version of its own, on record, that never takes a crew away.

Source: docs/scheduling.md, "What staff change".
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.in_the_way import (
    CrewsBelowTakenError,
    HeldCrew,
    held_crews,
    too_few_crews,
)
from totetaxi_core.scheduling.schedule import MAX_HORIZON_DAYS, Schedule
from totetaxi_core.scheduling.schedule_change import ScheduleChange
from totetaxi_core.scheduling.schedule_refusal import closure_refusals
from totetaxi_core.scheduling.schedules import HOUSE_RULES_VERSION, StoredSchedule
from totetaxi_core.staff.staff_act import Facts, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

CHANGED: Final = "schedule_changed"
OPEN: Final = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS})
AHEAD: Final = timedelta(days=MAX_HORIZON_DAYS)


class StaleScheduleError(DomainError):
    """Somebody has changed the schedule since it was seen; nothing was changed."""

    code = "stale_version"
    field = "version"

    def __init__(self, version: int) -> None:
        super().__init__(f"the schedule has changed meanwhile: it is version {version} now")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEdit:
    """What a member of staff changes and why; None as `seen_versions` is any version."""

    change: ScheduleChange
    staff_name: str
    reason: str = ""
    seen_versions: Collection[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDate:
    """A date that is closed now, and the bookings that stand there nevertheless."""

    on: date
    held: tuple[HeldCrew, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCrews:
    """A date that keeps the number of crews it had, where `usual` is another one from now on."""

    on: date
    crews: int
    usual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedSchedule:
    """The new version; and what whoever made it has to know, by date."""

    stored: StoredSchedule
    closed: tuple[ClosedDate, ...]
    kept: tuple[KeptCrews, ...]


async def edit_schedule(edit: ScheduleEdit, ports: Ports, terms: Terms) -> EditedSchedule:
    """Store the next version of the schedule; bookings made from then on read it.

    Crews of single dates are set under the lock of the date.

    Raises:
        InvalidInputError: a setting is out of range or order, a date past, or nothing would change.
        StaleScheduleError: it is another version than was seen.
        CrewsBelowTakenError: bookings are in the way of fewer crews.
    """
    async with ports.unit_of_work() as uow:
        editing = _Editing(edit, ports, terms, uow)
        old, stored = await editing.apply()
        await uow.commit()
    async with ports.unit_of_work() as uow:
        # After the commit, so that of bookings made by the former schedule none is missed but one
        # that is being stored at this very moment: `schedule show` has that one too.
        looking = _Looking(old, stored.schedule, ports.holidays, uow, today=editing.today)
        return EditedSchedule(
            stored=stored, closed=await looking.closed(), kept=await looking.kept()
        )


class _Editing:
    """One change, in an open transaction."""

    def __init__(self, edit: ScheduleEdit, ports: Ports, terms: Terms, uow: UnitOfWork) -> None:
        self.edit, self.uow, self.ids = edit, uow, ports.ids
        self.house_rules = terms.schedule
        self.now = ports.clock()
        self.today = self.now.astimezone(terms.zone).date()

    async def apply(self) -> tuple[Schedule, StoredSchedule]:
        """Return the schedule that was, and the version that is."""
        present = await self.uow.schedules.current(lock=True)
        version = HOUSE_RULES_VERSION if present is None else present.version
        if self.edit.seen_versions is not None and version not in self.edit.seen_versions:
            raise StaleScheduleError(version)
        old = self.house_rules if present is None else present.schedule
        new = self.edit.change(old)
        if new == old:
            raise _fault("body", "no_change", "nothing would change: it stands so already")
        await self._set_crews(old, new)
        stored = StoredSchedule(
            version=version + 1,
            schedule=new,
            changed_by=self.edit.staff_name,
            changed_at=self.now,
            reason=self.edit.reason,
        )
        await self.uow.schedules.add(stored)
        await self.uow.staff_acts.add(self._act(old, stored))
        return old, stored

    async def _set_crews(self, old: Schedule, new: Schedule) -> None:
        """Set the crews of single dates, unless more are taken on any of them."""
        refused, before, after = [], old.crews_by_date, new.crews_by_date
        for on in sorted(before.keys() | after.keys()):
            if before.get(on) == after.get(on):
                continue
            if on < self.today:
                raise _fault(f"crews_by_date.{on}", "past", f"{on} is past")
            crews = new.crews_on(on)
            counts = await self.uow.crews.lock_date(on, crews=crews)
            hindrance = await too_few_crews(on, counts, self.uow, crews=crews)
            if hindrance is not None:
                refused.append(hindrance)
            elif not refused:
                await self.uow.crews.set_crews(on, crews=crews)
        if refused:
            raise CrewsBelowTakenError(refused)

    def _act(self, old: Schedule, stored: StoredSchedule) -> StaffAct:
        before, after = _facts(old), _facts(stored.schedule)
        changed = [name for name in after if before[name] != after[name]]
        why = f": {self.edit.reason}" if self.edit.reason else ""
        return StaffAct(
            id=self.ids.new_id(),
            staff_name=self.edit.staff_name,
            action_type=CHANGED,
            description=f"made version {stored.version} of the schedule{why}",
            booking_id=None,
            created_at=self.now,
            subject=f"schedule:{stored.version}",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


@dataclass(frozen=True, slots=True)
class _Looking:
    """What a change means for the dates that bookings have touched, from today on."""

    old: Schedule
    new: Schedule
    holidays: HolidayCalendar
    uow: UnitOfWork
    today: date = field(kw_only=True)

    async def closed(self) -> tuple[ClosedDate, ...]:
        found = []
        for on, counts in (await self._touched()).items():
            busy = any(count.taken for count in counts)
            if busy and self._is_closed(self.new, on) and not self._is_closed(self.old, on):
                held = await held_crews(on, self.uow, statuses=OPEN)
                found.append(ClosedDate(on=on, held=held))
        return tuple(one for one in found if one.held)

    async def kept(self) -> tuple[KeptCrews, ...]:
        return tuple(self._kept(await self._touched()))

    def _kept(self, touched: Mapping[date, list[CrewCount]]) -> Iterator[KeptCrews]:
        for on, counts in touched.items():
            crews, usual = counts[0].crews, self.new.crews_on(on)
            if crews != usual != self.old.crews_on(on):
                yield KeptCrews(on=on, crews=crews, usual=usual)

    async def _touched(self) -> Mapping[date, list[CrewCount]]:
        touched: dict[date, list[CrewCount]] = {}
        rows = await self.uow.crews.taken(self.today, self.today + AHEAD)
        for (on, _), count in sorted(rows.items()):
            touched.setdefault(on, []).append(count)
        return touched

    def _is_closed(self, schedule: Schedule, on: date) -> bool:
        return any(closure_refusals(schedule, on, holidays=self.holidays))


def _facts(schedule: Schedule) -> Facts:
    """Return the settings as text, entries of a list or mapping side by side."""
    return {name: _text(value) for name, value in schedule.to_document().items()}


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {entry}" for key, entry in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)


def _fault(name: str, code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=name, code=code, message=message)])
