"""How far a drive is, in one word."""

from dataclasses import replace

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, an_id
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_progress import courier_progress
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg

S = CourierTaskStatus
CONFIRMED = replace(a_booking(), status=BookingStatus.CONFIRMED)


def a_task(leg: Leg, status: CourierTaskStatus) -> CourierTask:
    return CourierTask(
        id=an_id(),
        booking_id=CONFIRMED.id,
        leg=leg,
        status=status,
        window_start_at=PICKUP_AT,
        window_end_at=PICKUP_AT,
        created_at=NOW,
        updated_at=NOW,
        tracking_url=f"https://onf.lt/{leg}",
    )


@pytest.mark.parametrize(
    ("pickup", "dropoff", "shown", "leg"),
    [
        (None, None, S.WAITING, Leg.PICKUP),
        (S.DELETED, S.CREATED, S.WAITING, Leg.PICKUP),
        (S.CREATED, S.CREATED, S.CREATED, Leg.PICKUP),
        (S.ACTIVE, S.ASSIGNED, S.ACTIVE, Leg.PICKUP),
        (S.FAILED, S.ASSIGNED, S.FAILED, Leg.PICKUP),
        (S.COMPLETED, S.ASSIGNED, S.ASSIGNED, Leg.DROPOFF),
        (S.COMPLETED, S.ACTIVE, S.ACTIVE, Leg.DROPOFF),
        (S.COMPLETED, S.DELETED, S.WAITING, Leg.DROPOFF),
        (S.COMPLETED, S.COMPLETED, S.COMPLETED, Leg.DROPOFF),
    ],
)
def test_given_both_legs_when_asked_how_far_then_it_is_that_of_the_leg_at_hand(
    pickup: CourierTaskStatus | None,
    dropoff: CourierTaskStatus | None,
    shown: CourierTaskStatus,
    leg: Leg,
) -> None:
    pairs = ((Leg.PICKUP, pickup), (Leg.DROPOFF, dropoff))
    tasks = [a_task(each, status) for each, status in pairs if status]

    progress = courier_progress(CONFIRMED, tasks)

    assert (progress.status, progress.leg) == (shown, leg)
    assert progress.tracking_url == (None if shown is S.WAITING else f"https://onf.lt/{leg}")


def test_given_a_pickup_alone_when_completed_then_all_is() -> None:
    booking = replace(CONFIRMED, delivery_address=None)

    progress = courier_progress(booking, [a_task(Leg.PICKUP, S.COMPLETED)])

    assert (progress.status, progress.leg) == (S.COMPLETED, Leg.PICKUP)


@pytest.mark.parametrize("status", [BookingStatus.PENDING, BookingStatus.CANCELLED])
def test_given_a_booking_that_is_not_driven_when_asked_how_far_then_there_is_none(
    status: BookingStatus,
) -> None:
    booking = replace(CONFIRMED, status=status)

    progress = courier_progress(booking, [a_task(Leg.PICKUP, S.ACTIVE)])

    assert (progress.status, progress.tracking_url) == (None, None)


def test_given_a_booking_done_without_a_courier_when_asked_how_far_then_there_is_none() -> None:
    done = replace(CONFIRMED, status=BookingStatus.COMPLETED)

    assert courier_progress(done, []).status is None
