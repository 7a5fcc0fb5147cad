"""One booking over HTTP: its file, its status, its notes, its link to pay."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from tests.builders import NOW, a_booking, a_payment, an_id
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def pending(desk: Desk) -> Booking:
    """A pending booking that no payment was begun for, and who works there."""
    booking = a_booking()
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(a_payment(booking))
        await uow.commit()
    await desk.hire("maria", Role.OPERATIONS)
    await desk.hire("lou", Role.FINANCE)
    await desk.hire("gus", Role.LOGISTICS)
    return booking


@pytest.fixture
async def confirmed(desk: Desk, pending: Booking) -> Booking:
    """The same, paid by card."""
    paid = pending.confirm(at=NOW)
    async with desk.wiring.ports.unit_of_work() as uow:
        [payment] = await uow.payments.of_booking(paid.id)
        await uow.bookings.save(paid)
        await uow.payments.save(replace(payment, status=PaymentStatus.SUCCEEDED, completed_at=NOW))
        await uow.commit()
    return paid


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_type"]


async def test_given_a_booking_when_read_then_its_file_and_version_come_and_it_is_on_record(
    desk: Desk, pending: Booking
) -> None:
    answer = await desk.get(f"bookings/{pending.id}", by="gus")

    file = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert file["booking"]["email"] == pending.contact.email
    assert (file["version"], file["placed_by"], file["customer_id"]) == (1, "guest", None)
    assert [one["status"] for one in file["payments"]] == ["pending"]
    act = await desk.last_act()
    assert (act.staff_name, act.action_type) == ("gus", "customer_read")
    assert act.booking_id == pending.id
    assert [one for one in await desk.acts() if one[1] == "customer_read"] == [
        ("gus", "customer_read", False)
    ]


async def test_given_no_such_booking_when_asked_for_then_each_path_says_so(desk: Desk) -> None:
    base = f"bookings/{UNKNOWN}"

    answers = [
        await desk.get(base, by="root"),
        await desk.put(f"{base}/status", {"status": "completed"}, by="root"),
        await desk.get(f"{base}/notes", by="root"),
        await desk.post(f"{base}/notes", {"text": "x"}, by="root"),
        await desk.post(f"{base}/payment-link", by="root"),
    ]

    assert {refusal(answer) for answer in answers} == {(404, "booking_not_found")}


async def test_given_a_paid_booking_when_moved_on_then_each_change_is_answered_and_on_record(
    desk: Desk, confirmed: Booking
) -> None:
    path = f"bookings/{confirmed.id}/status"

    started = await desk.put(
        path, {"status": "in_progress", "notes": "two crews"}, by="maria", if_match='"2"'
    )
    stale = await desk.put(path, {"status": "completed"}, by="root", if_match='"2"')
    both = await desk.put(path, {"status": "completed", "version": 2}, by="root", if_match='"3"')
    done = await desk.put(path, {"status": "completed", "version": 3}, by="root")
    again = await desk.put(path, {"status": "completed"}, by="root", if_match="*")

    assert (started.status_code, started.headers["etag"]) == (200, '"3"')
    assert started.json()["booking"]["status"] == "in_progress"
    assert started.json()["message"] == f"{confirmed.booking_number} is in progress."
    assert {refusal(stale), refusal(both)} == {(412, "stale_version")}
    assert (done.status_code, done.json()["booking"]["status"]) == (200, "completed")
    assert refusal(again) == (409, "invalid_transition")
    assert "is completed already" in again.json()["message"]
    changes = [act for act in await desk.acts() if act[1] == "booking_update"]
    assert changes == [("maria", "booking_update", False), ("root", "booking_update", False)]


async def test_given_one_etag_when_two_staff_change_it_at_once_then_the_second_is_stale(
    desk: Desk, confirmed: Booking
) -> None:
    path = f"bookings/{confirmed.id}/status"
    for name in ("maria", "root"):
        await desk.headers(name)

    answers = await asyncio.gather(
        desk.put(path, {"status": "in_progress"}, by="maria", if_match='"2"'),
        desk.put(path, {"status": "completed"}, by="root", if_match='"2"'),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    etags = {answer.headers.get("etag") for answer in answers}
    assert etags == {'"3"', None}


@pytest.mark.parametrize("tag", ['"1"', 'W/"2"', "2", '"x"', "", '"02"'])
async def test_given_another_tag_when_changed_then_it_is_stale(
    desk: Desk, confirmed: Booking, tag: str
) -> None:
    path = f"bookings/{confirmed.id}/status"

    refused = await desk.put(path, {"status": "in_progress"}, by="maria", if_match=tag)
    named = await desk.put(path, {"status": "in_progress"}, by="maria", if_match=f'{tag}, "2"')

    assert refusal(refused) == (412, "stale_version")
    assert named.status_code == 200


async def test_given_money_when_cancelled_then_what_comes_back_must_be_named(
    desk: Desk, confirmed: Booking
) -> None:
    path = f"bookings/{confirmed.id}/status"
    total = confirmed.total_cents

    shown = await desk.put(path, {"status": "cancelled"}, by="maria")
    cancelled = await desk.put(
        path, {"status": "cancelled", "expected_refund_cents": total}, by="maria"
    )

    assert refusal(shown) == (409, "refund_changed")
    assert shown.json()["cancellation"] == {
        "refund_cents": total,
        "refund_bp": 10_000,
        "paid_cents": total,
    }
    booking = cancelled.json()["booking"]
    assert (booking["status"], booking["cancellation_reason"]) == ("cancelled", "staff")


async def test_given_an_unpaid_booking_when_cancelled_then_no_amount_is_needed(
    desk: Desk, pending: Booking
) -> None:
    path = f"bookings/{pending.id}/status"

    cancelled = await desk.put(path, {"status": "cancelled", "notes": "moved"}, by="maria")

    assert cancelled.status_code == 200
    assert (await desk.last_act()).description.endswith("unpaid: moved")


async def test_given_cash_when_confirmed_then_only_those_who_may_have_done_it(
    desk: Desk, pending: Booking
) -> None:
    path = f"bookings/{pending.id}/status"
    body = {"status": "confirmed", "payment": "cash"}
    await desk.hire("una", Role.LOGISTICS, Flag.CAN_APPROVE_REFUNDS)

    denied = [await desk.put(path, body, by=name) for name in ("maria", "gus")]
    not_theirs = await desk.put(path, {"status": "cancelled"}, by="una")
    taken = await desk.put(path, body, by="una", if_match='"1"')
    again = await desk.put(path, body, by="lou")

    assert {refusal(one) for one in (*denied, not_theirs)} == {(403, "permission_denied")}
    assert (taken.status_code, taken.json()["booking"]["status"]) == (200, "confirmed")
    assert refusal(again) == (409, "invalid_transition")
    act = await desk.last_act()
    assert (act.staff_name, act.action_type) == ("lou", "confirm_in_cash")
    async with desk.wiring.ports.unit_of_work() as uow:
        balances = await uow.ledger.balances()
    assert balances[Account.CASH] == pending.total_cents
    file = (await desk.get(f"bookings/{pending.id}", by="lou")).json()
    assert [one["kind"] for one in file["money"]["movements"]] == ["cash"]
    assert file["money"]["net_cents"] == pending.total_cents


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {("status", "missing")}),
        ({"status": "pending"}, {("status", "invalid_choice")}),
        ({"status": "confirmed"}, {("payment", "missing")}),
        ({"status": "confirmed", "payment": "card"}, {("payment", "invalid_choice")}),
        (
            {"status": "completed", "payment": "cash", "expected_refund_cents": 5},
            {("payment", "not_applicable"), ("expected_refund_cents", "not_applicable")},
        ),
        (
            {"status": "completed", "payment": "cash", "version": 0},
            {("payment", "not_applicable"), ("version", "too_small")},
        ),
        ({"status": "cancelled", "expected_refund_cents": -1, "notes": "x" * 501}, None),
    ],
)
async def test_given_a_bad_change_when_sent_then_each_field_is_named(
    desk: Desk, pending: Booking, body: dict[str, object], faults: set[tuple[str, str]] | None
) -> None:
    answer = await desk.put(f"bookings/{pending.id}/status", body, by="root")

    told = {(one["field"], one["code"]) for one in answer.json()["details"]}
    assert answer.status_code == 400
    assert told == faults or {field for field, _ in told} == {"expected_refund_cents", "notes"}


async def test_given_notes_when_written_then_they_come_by_pages_to_whoever_reads_bookings(
    desk: Desk, pending: Booking
) -> None:
    path = f"bookings/{pending.id}/notes"

    written = [await desk.post(path, {"text": f"note {n}"}, by="maria") for n in range(3)]
    denied = await desk.post(path, {"text": "x"}, by="lou")
    empty = await desk.post(path, {"text": " "}, by="maria")
    first = (await desk.get(path, by="lou", page_size=2)).json()
    rest = (await desk.http.get(first["next"], headers=await desk.headers("lou"))).json()

    assert [one.status_code for one in written] == [201] * 3
    assert (refusal(denied), refusal(empty)) == ((403, "permission_denied"), (400, "invalid"))
    shown = [one["text"] for one in (*first["results"], *rest["results"])]
    assert shown == ["note 2", "note 1", "note 0"]
    assert (rest["next"], first["previous"]) == (None, None)
    notes = (await desk.get(f"bookings/{pending.id}", by="gus")).json()["notes"]
    assert [one["text"] for one in notes] == ["note 0", "note 1", "note 2"]
    assert len([act for act in await desk.acts() if act[1] == "booking_note"]) == 3


async def test_given_a_confirmed_booking_when_a_link_is_wanted_then_it_waits_for_no_payment(
    desk: Desk, confirmed: Booking
) -> None:
    denied = await desk.post(f"bookings/{confirmed.id}/payment-link", by="lou")
    refused = await desk.post(f"bookings/{confirmed.id}/payment-link", by="maria")

    assert refusal(denied) == (403, "permission_denied")
    assert refusal(refused) == (409, "invalid_transition")


async def test_given_a_customers_id_when_listed_then_only_theirs_come(
    desk: Desk, pending: Booking
) -> None:
    none = await desk.get("bookings", by="gus", customer_id=str(an_id()))
    bad = await desk.get("bookings", by="gus", customer_id="ada")

    assert pending.customer_id is None
    assert none.json()["results"] == []
    assert [one["field"] for one in bad.json()["details"]] == ["customer_id"]
