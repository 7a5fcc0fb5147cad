"""Reports over HTTP: to whoever may, as JSON and as CSV."""

import pytest

from tests.core.reports.report_world import World, a_world
from tests.http.staff.conftest import Desk
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

NOVEMBER = {"date_from": "2026-11-01", "date_to": "2026-11-30"}


@pytest.fixture
async def world(desk: Desk) -> World:
    """A few bookings; finn is of finance, ana looks after customers, dan drives."""
    await desk.hire("finn", Role.FINANCE)
    await desk.hire("ana", Role.CUSTOMER_SERVICE, Flag.CAN_VIEW_CUSTOMER_ANALYTICS)
    await desk.hire("dan", Role.LOGISTICS)
    return await a_world(desk.wiring.ports.unit_of_work)


async def test_given_money_when_its_report_is_asked_for_then_rows_are_named_and_add_up(
    desk: Desk, world: World
) -> None:
    headers, asked = await desk.headers("finn"), {**NOVEMBER, "by": "service"}

    answer = await desk.http.get("/api/staff/reports/revenue", params=asked, headers=headers)

    told = answer.json()
    assert answer.status_code == 200
    assert (told["name"], told["date_from"], told["by"]) == ("revenue", "2026-11-01", "service")
    assert [row["service"] for row in told["rows"]] == ["mini_move", "standard_delivery"]
    assert told["total"]["net_cents"] == sum(row["net_cents"] for row in told["rows"])
    assert told["rows"][1]["gross_cents"] == world.bare.total_cents
    assert {one["name"] for one in told["columns"]} == told["rows"][0].keys()


@pytest.mark.usefixtures("world")
async def test_given_reports_when_asked_for_then_each_is_shown_to_whoever_may(desk: Desk) -> None:
    seen = {
        (name, by): (await desk.get(f"reports/{name}", by=by)).status_code
        for name in ("revenue", "customers", "crews")
        for by in ("finn", "ana", "dan", "root")
    }

    assert [key for key, status in seen.items() if status == 403] == [
        ("revenue", "ana"),
        ("revenue", "dan"),
        ("customers", "finn"),
        ("customers", "dan"),
    ]
    assert set(seen.values()) == {200, 403}
    assert ("dan", "permission_denied", True) in await desk.acts()


@pytest.mark.usefixtures("world")
async def test_given_a_report_when_taken_as_csv_then_it_takes_the_flag_and_is_on_record(
    desk: Desk,
) -> None:
    await desk.hire(
        "eva", Role.FINANCE, Flag.CAN_EXPORT_FINANCIAL_DATA, Flag.CAN_VIEW_CUSTOMER_ANALYTICS
    )

    refused = await desk.get("reports/taxes", by="finn", format="csv")
    answer = await desk.get("reports/customers", by="eva", format="csv", **NOVEMBER)

    act = await desk.last_act()
    assert (refused.status_code, answer.status_code) == (403, 200)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="customers-2026-11-01-2026-11-30.csv"' in answer.headers["content-disposition"]
    assert answer.text.splitlines()[0] == "customer,email,customer_id,bookings,spent_dollars"
    assert (act.staff_name, act.action_type, act.subject) == (
        "eva",
        "report_exported",
        "report:customers",
    )


@pytest.mark.parametrize(
    ("path", "query", "status", "fault"),
    [
        ("reports/profits", {}, 404, None),
        ("reports/revenue", {"date_from": "2026-11-02", "date_to": "2026-11-01"}, 400, "to"),
        ("reports/revenue", {"format": "pdf"}, 400, "format"),
        ("reports/crews", {"by": "rule"}, 400, "by"),
        ("reports/crews", {"limit": "5"}, 400, "limit"),
    ],
)
async def test_given_what_makes_no_report_when_asked_for_then_it_is_named(
    desk: Desk, path: str, query: dict[str, str], status: int, fault: str | None
) -> None:
    headers = await desk.headers("root")

    answer = await desk.http.get(f"/api/staff/{path}", params=query, headers=headers)

    told = answer.json()
    assert answer.status_code == status
    assert [one["field"] for one in told["details"]] == ([fault] if fault else [])
