"""Webhooks over HTTP: who hears of what, managed by staff and on record."""

from uuid import uuid4

from tests.builders import NOW
from tests.contracts.storing import store_booking
from tests.http.staff.conftest import Desk
from totetaxi_core.staff.role import Role
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

HOOK = "https://93.184.216.34/hook"


async def test_given_operations_when_a_webhook_is_kept_then_each_act_is_on_record_without_secrets(
    desk: Desk,
) -> None:
    await desk.hire("maria", Role.OPERATIONS)
    body = {"url": HOOK, "event_types": ["booking.created"], "description": "warehouse"}

    created = await desk.post("webhooks", body, by="maria")
    webhook, secret = created.json()["webhook"], created.json()["secret"]
    path = f"webhooks/{webhook['id']}"
    paused = await desk.patch(path, {"state": "paused"}, by="maria")
    refused = await desk.post(f"{path}/test", by="maria")
    resumed = await desk.patch(path, {"state": "active"}, by="maria")
    rotated = await desk.post(f"{path}/secret", by="maria")
    too_soon = await desk.post(f"{path}/secret", by="maria")
    shown = await desk.get(path, by="maria")
    tested = await desk.post(f"{path}/test", by="maria")
    listed = await desk.get("webhooks", by="maria")
    headers = await desk.headers("maria")
    removed = [await desk.http.delete(f"/api/staff/{path}", headers=headers) for _ in range(2)]
    gone = await desk.get(path, by="maria")

    assert (created.status_code, webhook["state"], secret[:6]) == (201, "active", "whsec_")
    assert (paused.json()["state"], paused.json()["pause_reason"]) == ("paused", "staff")
    assert (refused.status_code, refused.json()["error_type"]) == (409, "webhook_paused")
    assert (resumed.json()["state"], resumed.json()["pause_reason"]) == ("active", None)
    assert rotated.json()["secret"] != secret
    assert (too_soon.status_code, too_soon.json()["error_type"]) == (409, "webhook_secret_rotating")
    assert shown.json() == rotated.json()["webhook"]
    assert (tested.status_code, tested.json()["type"]) == (200, "webhook.test")
    assert (listed.json()["results"], listed.json()["next"]) == ([shown.json()], None)
    assert [one.status_code for one in (*removed, gone)] == [200, 200, 404]
    acts = [act for act in await desk.acts() if act[1] not in ("login", "staff_created")]
    assert acts == [
        ("maria", "webhook_created", False),
        ("maria", "webhook_changed", False),
        ("maria", "manage_webhooks", True),
        ("maria", "webhook_changed", False),
        ("maria", "webhook_secret_rotated", False),
        ("maria", "manage_webhooks", True),
        ("maria", "webhook_tested", False),
        ("maria", "webhook_removed", False),
        ("maria", "manage_webhooks", True),
    ]
    async with desk.wiring.ports.unit_of_work() as uow:
        recorded = str(await uow.staff_acts.chained(after=0, limit=100))
    assert not any(one in recorded for one in (secret, rotated.json()["secret"], "whsec_"))


async def test_given_bad_input_when_a_webhook_is_made_then_each_fault_is_named(desk: Desk) -> None:
    answers = [
        await desk.post("webhooks", body, by="root")
        for body in (
            {"url": "http://93.184.216.34/"},
            {"url": "https://127.0.0.1/"},
            {"url": "https://[::ffff:10.0.0.1]/"},
            {"url": HOOK, "event_types": []},
            {"url": HOOK, "event_types": ["webhook.test"]},
            {"url": HOOK, "surprise": 1},
        )
    ]
    known = (await desk.post("webhooks", {"url": HOOK}, by="root")).json()["webhook"]
    same = await desk.patch(f"webhooks/{known['id']}", {"url": HOOK}, by="root")

    codes = [one.json()["error_type"] for one in answers]
    assert {one.status_code for one in (*answers, same)} == {400}
    assert codes == ["subscriber_address_refused"] * 3 + ["invalid"] * 3
    assert answers[0].json()["details"][0]["field"] == "url"
    assert len(known["event_types"]) == len(EventType)
    assert same.json()["details"][0]["code"] == "no_change"


async def test_given_what_a_webhook_is_owed_when_listed_then_it_is_found_and_sent_again(
    desk: Desk,
) -> None:
    ports = desk.wiring.ports
    webhook = (await desk.post("webhooks", {"url": HOOK}, by="root")).json()["webhook"]
    booking = await store_booking(ports.unit_of_work())
    async with ports.unit_of_work() as uow:
        for event_type in (EventType.BOOKING_CREATED, EventType.BOOKING_CONFIRMED):
            await announce(uow, event_type, booking, at=NOW)
        await uow.commit()
    path = f"webhooks/{webhook['id']}/deliveries"

    first = await desk.get(path, by="root", page_size=1)
    rest = await desk.http.get(first.json()["next"], headers=await desk.headers("root"))
    due = await desk.get(path, by="root", state="due")
    [event] = first.json()["results"]
    again = await desk.post(f"{path}/{event['event_id']}/redeliver", by="root")
    unknown = await desk.post(f"{path}/{uuid4()}/redeliver", by="root")
    nobody = await desk.get(f"webhooks/{uuid4()}/deliveries", by="root")

    found = [*first.json()["results"], *rest.json()["results"]]
    assert {(one["type"], one["sequence"]) for one in found} == {
        ("booking.created", 1),
        ("booking.confirmed", 2),
    }
    assert due.json()["results"] == found
    assert {one["booking_id"] for one in found} == {str(booking.id)}
    assert (again.status_code, again.json()["state"]) == (200, "due")
    assert (unknown.status_code, unknown.json()["error_type"]) == (
        404,
        "webhook_delivery_not_found",
    )
    assert nobody.json()["error_type"] == "webhook_not_found"
