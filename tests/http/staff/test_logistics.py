"""Moving day over HTTP: what staff see, and what they do about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.core.bookings.account_holder import a_house_with_accounts
from tests.core.customers.customer_house import CustomerHouse
from tests.core.documents.sample_files import a_png
from tests.http.echo import client_of, healthy
from tests.http.service import NoLimits
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.providers import onfleet_events, stripe_events
from totetaxi_adapters.settings import settings_from
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_gateway import CourierWorker, ProofFile, ProviderTask
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.staff.role import Role
from totetaxi_http.app import create_app
from totetaxi_http.dependencies import service_state
from totetaxi_http.health import HealthReport
from totetaxi_http.service import service_handlers
from totetaxi_http.staff.refused_acts import record_refused_act


async def _health() -> HealthReport:
    return healthy()


# Made once, as the service is: what the business refuses goes on record.
APP = create_app(
    settings_from({"RATELIMIT_ENABLE": "false"}),
    handlers=service_handlers(),
    health=_health,
    shared_limiter=NoLimits(),
    after_exception=[record_refused_act],
)
DAY = {"date": "2026-12-01"}
LOU = CourierWorker(id="c3Yt~Q9z", name="Lou Reed", is_on_duty=True)


@dataclass(kw_only=True)
class MovingDay:
    """A service with a paid booking of December 1, called by dana of logistics unless said."""

    house: CustomerHouse
    http: httpx.AsyncClient
    booking: Booking
    tokens: dict[str, str]

    async def get(self, path: str, *, by: str = "dana", **query: str) -> httpx.Response:
        return await self.http.get(self._url(path), params=query or None, headers=self._of(by))

    async def post(self, path: str, body: object = None, *, by: str = "dana") -> httpx.Response:
        return await self.http.post(self._url(path), json=body, headers=self._of(by))

    async def create(self) -> httpx.Response:
        return await self.post("tasks", {"booking_id": str(self.booking.id)})

    async def legs(self) -> list[Any]:
        """Return the legs of the one booking on the board."""
        [entry] = (await self.get("board", **DAY)).json()["bookings"]
        legs: list[Any] = entry["legs"]
        return legs

    def at_courier(self, leg: Leg) -> ProviderTask:
        [found] = [one for one in self.house.couriers.tasks.values() if one.leg is leg]
        return found

    def drive(self, leg: Leg, status: CourierTaskStatus, **facts: object) -> None:
        self.house.clock.advance(timedelta(minutes=1))
        self.house.couriers.drive(self.at_courier(leg).id, status, **facts)

    def acts(self, name: str) -> list[str]:
        """Return what a member of staff did, and was refused, oldest first."""
        own = [one for one in self.house.acts() if one.staff_name == name]
        names = [f"refused {one.action_type}" if one.is_refused else one.action_type for one in own]
        return [one for one in names if one != "login"]

    def _url(self, path: str) -> str:
        return path if path.startswith("/") else f"/api/staff/logistics/{path}"

    def _of(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@pytest.fixture
async def day() -> AsyncIterator[MovingDay]:
    house = await a_house_with_accounts()
    house.couriers.workers = [LOU]
    roles = {"dana": Role.LOGISTICS, "maria": Role.CUSTOMER_SERVICE}
    for name, role in roles.items():
        await house.hire(name, role, by=house.root)
    tokens = {name: (await house.log_in(name)).access_token for name in roles}
    _, intent = await house.book_unpaid()
    booking = await house.settle(house.pay(intent))
    assert booking is not None
    async with CurrentBook.following(house.ports) as current_book:
        APP.state.update(
            service_state(
                ports=house.ports,
                current_terms=CurrentTerms(house.ports, house.terms),
                credentials=house.credentials,
                current_book=current_book,
                events=stripe_events(settings_from({})),
                courier_events=onfleet_events(settings_from({})),
                publishable_key=None,
            )
        )
        async with client_of(APP) as http:
            yield MovingDay(house=house, http=http, booking=booking, tokens=tokens)


async def test_given_a_drive_when_followed_then_board_task_and_customer_show_it_to_its_proof(
    day: MovingDay,
) -> None:
    await day.house.work_off()
    before = await day.legs()
    task_id = before[0]["task_id"]
    day.drive(Leg.PICKUP, CourierTaskStatus.ACTIVE, worker_id=LOU.id)
    synced = (await day.post(f"sync-task/{task_id}")).json()
    dashboard = (await day.get("dashboard", by="maria")).json()
    day.house.couriers.proofs["photo-1"] = ProofFile(content=a_png(), content_type="image/png")
    done = {"driver_notes": "with the doorman", "photo_ids": ("photo-1",)}
    day.drive(Leg.PICKUP, CourierTaskStatus.COMPLETED, worker_id=LOU.id, **done)
    await day.post(f"sync-task/{task_id}")
    await day.house.work_off()
    shown = (await day.get(f"tasks/{task_id}", by="maria")).json()
    [entry] = (await day.get("board", by="maria", **DAY)).json()["bookings"]
    photo = await day.get(shown["proof"][0]["url"].removeprefix("https://totetaxi.example"))
    token = day.house.terms.manage_tokens.token(day.booking.id)
    guest = {"X-Manage-Token": token}
    managed = (await day.http.get("/api/public/manage", headers=guest)).json()
    [proof] = managed["proof_of_delivery"]
    seen = await day.http.get(proof["url"].removeprefix("https://totetaxi.example"), headers=guest)

    assert [(one["leg"], one["status"]) for one in before] == [
        ("pickup", "created"),
        ("dropoff", "created"),
    ]
    assert (synced["task"]["status"], synced["task"]["worker_name"]) == ("active", "Lou Reed")
    assert synced["changed"] == ["status", "worker_name"]
    assert [one["id"] for one in dashboard["active_deliveries"]] == [task_id]
    assert (shown["task"]["status"], shown["task"]["driver_notes"]) == (
        "completed",
        "with the doorman",
    )
    assert (entry["status"], entry["full_name"]) == ("in_progress", "Ada Guest")
    assert entry["proof"] == shown["proof"]
    assert entry["legs"][0]["details"] == ["with the doorman"]
    assert photo.content == seen.content == a_png()
    assert [(one["leg"], one["status"]) for one in managed["legs"]] == [
        ("pickup", "completed"),
        ("dropoff", "created"),
    ]
    assert managed["legs"][1]["tracking_url"] == day.at_courier(Leg.DROPOFF).tracking_url
    assert day.acts("dana") == ["courier_task_synced"] * 2


async def test_given_a_courier_that_is_down_when_tasks_are_asked_for_then_the_backlog_is_seen(
    day: MovingDay,
) -> None:
    day.house.couriers.outages.last(Outage.BEFORE_ACTING)
    down = await day.create()
    since = day.house.clock()
    seen = (await day.get("dashboard")).json()
    waiting = await day.legs()
    day.house.couriers.outages.end()
    day.house.clock.advance(timedelta(minutes=3))
    made = await day.create()
    again = await day.create()
    after = (await day.get("dashboard")).json()

    assert (down.status_code, down.json()["error_type"]) == (503, "courier_unavailable")
    assert "Retry-After" in down.headers
    assert seen["backlog"]["waiting"] == 2
    assert seen["backlog"]["waiting_since"] == f"{since:%Y-%m-%dT%H:%M:%SZ}"
    assert seen["worker"] == {"status": "never_seen", "silent_s": None, "last_round_s": None}
    assert [one["warnings"] for one in waiting] == [["not_at_courier"]] * 2
    assert (made.status_code, again.status_code) == (200, 200)
    assert [one["status"] for one in again.json()["results"]] == ["created", "created"]
    assert (after["backlog"]["waiting"], after["sync"]["open_tasks"]) == (0, 2)
    assert len(day.house.couriers.tasks) == 2
    assert day.acts("dana") == ["courier_tasks_created"]


async def test_given_a_deleted_task_when_synced_and_asked_for_then_it_is_made_anew(
    day: MovingDay,
) -> None:
    await day.house.work_off()
    day.house.couriers.remove(day.at_courier(Leg.DROPOFF).id)
    day.drive(Leg.PICKUP, CourierTaskStatus.ASSIGNED, worker_id=LOU.id)
    first = (await day.post("sync")).json()
    second = (await day.post("sync")).json()
    gone = await day.legs()
    made = await day.create()
    listed = (await day.get("tasks", booking_number=day.booking.booking_number)).json()
    deleted = (await day.get("tasks", status="deleted")).json()["results"]

    assert first == {"synced": 2, "changed": 2, "refused": 0, "left": 0}
    assert second == {"synced": 1, "changed": 0, "refused": 0, "left": 0}
    assert [(one["status"], one["worker_name"]) for one in gone] == [
        ("assigned", "Lou Reed"),
        ("waiting", ""),
    ]
    assert made.status_code == 201
    assert [one["leg"] for one in made.json()["results"]] == ["pickup", "dropoff"]
    assert sorted(one["status"] for one in listed["results"]) == ["assigned", "created", "deleted"]
    assert [one["booking_number"] for one in deleted] == [day.booking.booking_number]
    assert day.acts("dana") == ["courier_tasks_synced"] * 2 + ["courier_tasks_created"]


async def test_given_tasks_when_listed_then_they_come_by_pages_and_by_day(day: MovingDay) -> None:
    await day.house.work_off()

    first = (await day.get("tasks", by="maria", page_size="1")).json()
    second = await day.get(first["next"].removeprefix("https://totetaxi.example"))
    back = await day.get(second.json()["previous"].removeprefix("https://totetaxi.example"))
    on_day = await day.get("tasks", date_from="2026-12-01", date_to="2026-12-01")
    after = await day.get("tasks", date_from="2026-12-02")
    wrong = await day.get("tasks", date_from="soon", status="gone")

    pages = [*first["results"], *second.json()["results"]]
    assert sorted(one["leg"] for one in pages) == ["dropoff", "pickup"]
    assert (second.json()["next"], back.json()["results"]) == (None, first["results"])
    assert len(on_day.json()["results"]) == 2
    assert after.json()["results"] == []
    assert {one["field"] for one in wrong.json()["details"]} == {"date_from", "status"}


async def test_given_what_cannot_be_driven_when_asked_for_then_it_is_refused_on_record(
    day: MovingDay,
) -> None:
    unpaid, _ = await day.house.book_unpaid(allow_duplicate=True)

    pending = await day.post("tasks", {"booking_id": str(unpaid.id)})
    unknown = await day.post("tasks", {"booking_id": str(uuid4())})
    no_task = await day.post(f"sync-task/{uuid4()}")
    kept_out = await day.post("sync", by="maria")

    assert (pending.status_code, pending.json()["error_type"]) == (409, "not_drivable")
    assert (unknown.status_code, unknown.json()["error_type"]) == (404, "booking_not_found")
    assert (no_task.status_code, no_task.json()["error_type"]) == (404, "courier_task_not_found")
    assert kept_out.status_code == 403
    assert day.acts("dana") == ["refused dispatch"] * 3
    assert day.acts("maria") == ["refused permission_denied"]


async def test_given_a_day_when_planned_then_each_booking_has_a_crew_or_a_reason(
    day: MovingDay,
) -> None:
    planned = (await day.get("plan", **DAY, crews="2")).json()
    today = (await day.get("plan")).json()
    board = (await day.get("board")).json()

    assert (planned["bookings"], planned["crews"], planned["unplanned"]) == (1, 2, [])
    stops = planned["routes"][0]["stops"]
    assert {one["booking_number"] for one in stops} == {day.booking.booking_number}
    assert today["bookings"] == 0
    assert (board["date"], board["bookings"]) == (today["date"], [])
