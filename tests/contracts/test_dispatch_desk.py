"""What staff see of what is driven, on both stores."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, PICKUP_AT, PICKUP_DATE, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.courier_rows import a_seen_task, a_task
from tests.contracts.test_documents import a_document
from tests.core.logistics.moving_day import a_move, a_visit
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.documents.document import Document, DocumentKind
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.dispatch_desk import CourierBacklog, FoundTask, KeptProof, TaskFilter
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.page import Place

STATUS = CourierTaskStatus
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOONER = timedelta(minutes=-30)


def a_leg(
    booking: Booking,
    status: CourierTaskStatus,
    leg: Leg = Leg.PICKUP,
    *,
    after: timedelta = timedelta(0),
    **facts: object,
) -> CourierTask:
    """A task of the booking; its window starts so long after nine."""
    made = a_seen_task(booking.id, leg=leg)
    if status in (STATUS.WAITING, STATUS.DELETED):
        made = replace(a_task(booking.id, leg), status=status)
    window = {"window_start_at": PICKUP_AT + after, "window_end_at": PICKUP_AT + HOUR + after}
    quiet: dict[str, object] = {"status": status, "estimated_arrival_at": None, **window}
    return replace(made, **{**quiet, **facts})  # type: ignore[arg-type]  # its own fields


def proof_of(booking: Booking, name: str, *, minute: int) -> Document:
    made = a_document(booking, minute=minute, digest=str(minute))
    kind = DocumentKind.PROOF_OF_DELIVERY
    return replace(made, kind=kind, file_name=name).stored(at=NOW)


async def store(uow_factory: UowFactory, *rows: Booking | CourierTask | Document) -> None:
    async with uow_factory() as uow:
        for row in rows:
            match row:
                case Booking():
                    await uow.bookings.add(row)
                case CourierTask():
                    await uow.courier_tasks.add(row)
                case Document():
                    await uow.documents.add(row)
        await uow.commit()


async def listed(uow_factory: UowFactory, wanted: TaskFilter, **place: Place) -> list[UUID]:
    async with uow_factory() as uow:
        page = await uow.dispatch_desk.page(wanted, limit=2, **place)
    return [one.task.id for one in page]


async def test_given_a_day_when_its_board_is_read_then_it_has_each_drive_and_what_proves_it(
    uow_factory: UowFactory,
) -> None:
    late, early = a_move(at=time(10)), a_move(at=time(8))
    visit = a_visit(at=time(9), visit="full-packing")
    pending = replace(a_move(), status=late.status.PENDING, hold_expires_at=NOW, confirmed_at=None)
    off = [a_move(at=time(11)).cancel(reason=CancellationReason.STAFF, at=NOW) for _ in range(2)]
    tomorrow = a_move(pickup_date=PICKUP_DATE + DAY)
    dropoff = a_leg(early, STATUS.WAITING, Leg.DROPOFF)
    pickup = a_leg(early, STATUS.COMPLETED)
    gone, stray = a_leg(late, STATUS.DELETED), a_leg(off[0], STATUS.ACTIVE)
    last, first = proof_of(early, "pickup-2", minute=2), proof_of(early, "pickup-1", minute=1)
    plan = a_document(early, minute=3, digest="f").stored(at=NOW)
    bookings = (late, early, visit, pending, *off, tomorrow)
    await store(uow_factory, *bookings, dropoff, pickup, gone, stray, last, first, plan)

    async with uow_factory() as uow:
        board = await uow.dispatch_desk.board(PICKUP_DATE)
        empty = await uow.dispatch_desk.board(date(2026, 6, 1))

    assert [one.booking_id for one in board] == [early.id, visit.id, late.id, off[0].id]
    assert [one.tasks for one in board] == [(pickup, dropoff), (), (), (stray,)]
    assert board[0].legs == ((Leg.PICKUP, pickup), (Leg.DROPOFF, dropoff))
    assert board[1].legs == ((Leg.PICKUP, None),)
    assert board[0].proof == (
        KeptProof(first.id, "pickup-1"),
        KeptProof(last.id, "pickup-2"),
    )
    entry = board[2]
    assert (entry.booking_number, entry.status, entry.pickup_at, entry.proof) == (
        late.booking_number,
        late.status,
        late.pickup_at,
        (),
    )
    assert (entry.full_name, entry.phone) == (late.contact.full_name, late.contact.phone)
    assert (entry.pickup_city, entry.delivery_city) == ("New York", "New York")
    assert empty == ()


async def test_given_tasks_when_paged_and_filtered_then_those_due_last_come_first(
    uow_factory: UowFactory,
) -> None:
    booking, other = a_move(), a_move()
    nine = a_leg(booking, STATUS.ASSIGNED)
    ten = a_leg(booking, STATUS.CREATED, Leg.DROPOFF, after=HOUR)
    eleven = a_leg(other, STATUS.ASSIGNED, after=2 * HOUR)
    gone = a_leg(other, STATUS.DELETED, Leg.DROPOFF, after=3 * HOUR)
    await store(uow_factory, booking, other, nine, ten, eleven, gone)
    places = [Place(one.window_start_at, one.id) for one in (nine, ten, eleven)]
    of_other = TaskFilter(booking_number=other.booking_number)
    of_ten = TaskFilter(starts_from=ten.window_start_at, starts_before=eleven.window_start_at)

    assert await listed(uow_factory, TaskFilter()) == [eleven.id, ten.id]
    assert await listed(uow_factory, TaskFilter(), before=places[1]) == [nine.id]
    assert await listed(uow_factory, TaskFilter(), after=places[0]) == [eleven.id, ten.id]
    assert await listed(uow_factory, TaskFilter(status=STATUS.ASSIGNED)) == [eleven.id, nine.id]
    assert await listed(uow_factory, TaskFilter(status=STATUS.DELETED)) == [gone.id]
    assert await listed(uow_factory, of_other) == [gone.id, eleven.id]
    assert await listed(uow_factory, of_ten) == [ten.id]
    async with uow_factory() as uow:
        found = await uow.dispatch_desk.find(ten.id)
        with pytest.raises(CourierTaskNotFoundError):
            await uow.dispatch_desk.find(an_id())
    assert found == FoundTask(
        task=ten, booking_number=booking.booking_number, booking_status=booking.status
    )


async def test_given_a_bad_day_when_counted_then_what_is_late_and_failed_is_named(
    uow_factory: UowFactory,
) -> None:
    on_time, waits, slow, failed, over = [a_move() for _ in range(5)]
    at = PICKUP_AT + HOUR
    tasks = {
        "on time": a_leg(on_time, STATUS.ASSIGNED),
        "under way": a_leg(on_time, STATUS.ACTIVE, Leg.DROPOFF, after=HOUR),
        "waits": a_leg(waits, STATUS.WAITING, after=SOONER),
        "slow": a_leg(slow, STATUS.ACTIVE, after=HOUR, estimated_arrival_at=at + 2 * HOUR),
        "failed": a_leg(failed, STATUS.FAILED, after=SOONER),
        "long ago": a_leg(failed, STATUS.FAILED, Leg.DROPOFF, after=-2 * DAY),
        "over": a_leg(over, STATUS.FAILED),
        "done": a_leg(over, STATUS.COMPLETED, Leg.DROPOFF, after=SOONER),
    }
    over = over.start(at=NOW).complete(at=NOW)
    await store(uow_factory, on_time, waits, slow, failed, over, *tasks.values())
    names = {task.id: name for name, task in tasks.items()}

    async with uow_factory() as uow:
        desk = uow.dispatch_desk
        counts = await desk.by_status(starts_from=PICKUP_AT, starts_before=PICKUP_AT + HOUR)
        seen = {
            "under way": await desk.under_way(limit=9),
            "late": await desk.late(at=at, limit=9),
            "first late": await desk.late(at=at, limit=1),
            "failed": await desk.failed(since=PICKUP_AT - DAY, limit=9),
        }

    told = {key: sorted(names[one.task.id] for one in found) for key, found in seen.items()}
    assert dict(counts) == {STATUS.ASSIGNED: 1, STATUS.FAILED: 1}
    assert told == {
        "under way": ["slow", "under way"],
        "late": ["slow", "waits"],
        "first late": ["waits"],
        "failed": ["failed"],
    }


async def test_given_a_courier_that_is_down_when_seen_then_the_backlog_says_since_when(
    uow_factory: UowFactory,
) -> None:
    booking, other = a_move(), a_move()
    refused = a_leg(booking, STATUS.WAITING, refusal="no such street", created_at=NOW - HOUR)
    waiting = a_leg(booking, STATUS.WAITING, Leg.DROPOFF)
    fresh = a_leg(other, STATUS.CREATED, last_synced_at=NOW)
    stale = a_leg(other, STATUS.ACTIVE, Leg.DROPOFF, last_synced_at=NOW - DAY)
    async with uow_factory() as uow:
        empty = await uow.dispatch_desk.backlog()
    await store(uow_factory, booking, other, refused, waiting, fresh, stale)
    async with uow_factory() as uow:
        for number, state in enumerate((EffectState.DUE, EffectState.FAILED, EffectState.DONE)):
            at = NOW - number * HOUR
            done_at = NOW if state is EffectState.DONE else None
            effect = OwedEffect(
                id=an_id(),
                kind=EffectKind.CREATE_COURIER_TASKS,
                cause=f"test:{number}",
                payload={"booking_id": str(booking.id)},
                state=state,
                created_at=at,
                due_at=at,
                done_at=done_at,
            )
            await uow.outbox.owe(effect)
        await uow.commit()

    async with uow_factory() as uow:
        backlog = await uow.dispatch_desk.backlog()

    assert empty == CourierBacklog()
    assert backlog == CourierBacklog(
        waiting=2,
        refused=1,
        waiting_since=NOW - HOUR,
        owed=2,
        owed_since=NOW - HOUR,
        open=2,
        last_sync_at=NOW,
        oldest_sync_at=NOW - DAY,
    )
