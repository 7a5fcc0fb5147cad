"""Refunds over HTTP: two steps, each by who may."""

from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from tests.builders import NOW, a_booking, a_payment
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role


@pytest.fixture
async def paid(desk: Desk) -> Booking:
    booking = a_booking()
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(
            replace(a_payment(booking), status=PaymentStatus.SUCCEEDED, completed_at=NOW)
        )
        await uow.commit()
    await desk.hire("maria", Role.LOGISTICS)
    await desk.hire("lou", Role.FINANCE, Flag.CAN_APPROVE_REFUNDS)
    return booking


async def test_given_a_paid_booking_when_refunded_in_two_steps_then_each_is_on_record(
    desk: Desk, paid: Booking
) -> None:
    body = {"booking_id": str(paid.id), "amount_cents": 5_000, "reason": "a box was wet"}

    asked = await desk.post("refunds", body, by="maria")
    refund = asked.json()
    denied = await desk.post(f"refunds/{refund['id']}/approve", by="maria")
    approved = await desk.post(f"refunds/{refund['id']}/approve", by="lou")
    again = await desk.post(f"refunds/{refund['id']}/reject", by="lou")

    assert (asked.status_code, refund["status"], refund["requested_by"]) == (
        201,
        "requested",
        "maria",
    )
    assert refund["booking_number"] == paid.booking_number
    assert (denied.status_code, denied.json()["error_type"]) == (403, "permission_denied")
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert (refund["decided_by"], approved.json()["decided_by"]) == (None, "lou")
    assert (again.status_code, again.json()["error_type"]) == (409, "invalid_transition")
    acts = [act for act in await desk.acts() if act[1] not in ("login", "staff_created")]
    assert acts == [
        ("maria", "refund_requested", False),
        ("maria", "permission_denied", True),
        ("lou", "refund_issued", False),
        ("lou", "approve_refunds", True),
    ]


async def test_given_a_key_when_asked_twice_then_it_is_the_same_refund_of_that_member(
    desk: Desk, paid: Booking
) -> None:
    async def ask(by: str, amount_cents: int) -> httpx.Response:
        body = {"booking_id": str(paid.id), "amount_cents": amount_cents, "reason": "wet"}
        headers = {**await desk.headers(by), "Idempotency-Key": "k-1"}
        return await desk.http.post("/api/staff/refunds", json=body, headers=headers)

    first = await ask("maria", 100)
    await desk.post(f"refunds/{first.json()['id']}/approve", by="lou")
    again, other_body, other_member = (
        await ask("maria", 100),
        await ask("maria", 200),
        await ask("lou", 100),
    )

    assert (first.status_code, again.status_code, other_member.status_code) == (201, 201, 201)
    assert (again.json()["id"], again.json()["status"]) == (first.json()["id"], "approved")
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (other_body.status_code, other_body.json()["error_type"]) == (
        422,
        "idempotency_key_reused",
    )
    assert other_member.json()["id"] != first.json()["id"]


async def test_given_a_request_when_rejected_then_its_amount_may_be_asked_for_again(
    desk: Desk, paid: Booking
) -> None:
    body = {"booking_id": str(paid.id), "reason": "a box was wet"}
    first = (await desk.post("refunds", body, by="maria")).json()

    beyond = await desk.post("refunds", body, by="maria")
    rejected = await desk.post(f"refunds/{first['id']}/reject", by="lou")
    second = await desk.post("refunds", body, by="maria")

    assert (beyond.status_code, beyond.json()["error_type"]) == (409, "refund_exceeds_payment")
    assert rejected.json()["status"] == "rejected"
    assert second.json()["amount_cents"] == first["amount_cents"] == paid.total_cents


async def test_given_refunds_when_listed_then_they_come_by_pages_to_those_who_may(
    desk: Desk, paid: Booking
) -> None:
    headers = await desk.headers("lou")
    for amount_cents in (100, 200, 300):
        body = {"booking_id": str(paid.id), "reason": "wet", "amount_cents": amount_cents}
        await desk.post("refunds", body, by="maria")

    first = (await desk.get("refunds", by="lou", status="requested", page_size=2)).json()
    rest = (await desk.http.get(first["next"], headers=headers)).json()
    back = (await desk.http.get(rest["previous"], headers=headers)).json()
    denied = await desk.get("refunds", by="maria")
    faulty = await desk.get("refunds", by="lou", status="lost")

    assert [one["amount_cents"] for one in (*first["results"], *rest["results"])] == [300, 200, 100]
    assert (first["previous"], rest["next"]) == (None, None)
    assert back["results"] == first["results"]
    assert {one["booking_number"] for one in first["results"]} == {paid.booking_number}
    assert (denied.status_code, faulty.status_code) == (403, 400)


async def test_given_nothing_there_when_asked_or_decided_then_it_is_not_found(
    desk: Desk, paid: Booking
) -> None:
    del paid
    asked = await desk.post("refunds", {"booking_id": str(uuid4()), "reason": "x"}, by="maria")
    decided = await desk.post(f"refunds/{uuid4()}/approve", by="lou")

    assert (asked.status_code, asked.json()["error_type"]) == (404, "booking_not_found")
    assert (decided.status_code, decided.json()["error_type"]) == (404, "refund_not_found")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"booking_id", "reason"}),
        (
            {"booking_id": str(uuid4()), "reason": " ", "amount_cents": 0},
            {"reason", "amount_cents"},
        ),
        ({"booking_id": str(uuid4()), "reason": "x", "status": "approved"}, {"status"}),
    ],
)
async def test_given_a_bad_request_when_sent_then_each_field_is_named(
    desk: Desk, body: dict[str, object], fields: set[str]
) -> None:
    answer = await desk.post("refunds", body, by="root")

    assert answer.status_code == 400
    assert {one["field"] for one in answer.json()["details"]} == fields
