"""The command line answers and refuses as HTTP does."""

import json
from pathlib import Path
from typing import Any

import httpx

from tests.cli.conftest import Processes, Runner, address_in, open_starts, ready_line
from tests.cli.test_bookings import AS_MARIA
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING

OF_THE_MOMENT = {"quote_token", "expires_at"}
BAD: dict[str, Any] = {
    **EXAMPLE_BOOKING,
    "mini_move_package_id": "petite",
    "pickup_time": "06:59",
    "email": "nobody",
    "pickup_address": {**EXAMPLE_BOOKING["pickup_address"], "zip_code": "1"},  # type: ignore[dict-item]
    "surprise": 1,
}


def test_given_a_server_when_asked_the_same_by_both_roads_then_the_answers_are_alike(
    processes: Processes, totetaxi: Runner, tmp_path: Path
) -> None:
    url = address_in(ready_line(processes.start("serve", "--port", "0")))
    day, start = open_starts(totetaxi)[0]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(BAD))
    good = tmp_path / "good.json"
    good.write_text(json.dumps({**EXAMPLE_BOOKING, "pickup_date": day, "pickup_time": start}))

    with httpx.Client(base_url=f"{url}/api/public", trust_env=False) as http:
        query = {
            "service_type": "mini_move",
            "mini_move_package_id": str(EXAMPLE_BOOKING["mini_move_package_id"]),
            "pickup_date": day,
            "pickup_time": start,
            "pickup_zip": "10001",
            "delivery_zip": "11937",
        }
        price = http.get("/pricing-preview", params=query).json()
        days = http.get(
            "/calendar/availability", params={"start_date": day, "end_date": day}
        ).json()
        refusal = http.post("/guest-booking", json=BAD).json()
        number = http.post(
            "/guest-booking", json={**json.loads(good.read_text()), "email": "eve@example.com"}
        ).json()["booking"]["booking_number"]

    move = ("--service", "mini_move", "--package", "petite", "--from", "10001", "--to", "11937")
    quoted = totetaxi("quote", *move, "--date", day, "--time", start, "--json").json
    assert {k: v for k, v in quoted.items() if k not in OF_THE_MOMENT} == {
        k: v for k, v in price.items() if k not in OF_THE_MOMENT
    }
    refused = totetaxi("bookings", "create", "--as", "maria", "--file", str(bad))
    assert refused.errors == [
        f"{one['code']} {one['field']}: {one['message']}" for one in refusal["details"]
    ]
    assert (
        totetaxi("bookings", "show", number, *AS_MARIA, "--json").json["booking"]["status"]
        == "pending"
    )
    port = url.rpartition(":")[2]
    made = totetaxi("bookings", "create", "--as", "maria", "--file", str(good), PORT=port)
    page = next(line.split()[-1] for line in made.out.splitlines() if line.startswith("pay at"))
    assert httpx.get(page, trust_env=False).status_code == 200
    after = totetaxi("availability", "--from", day, "--to", day, "--json").json
    taken = {s["time"]: s["crews_left"] for s in after["days"][0]["slots"]}[start]
    before = {s["time"]: s["crews_left"] for s in days["days"][0]["slots"]}[start]
    assert taken == before - 2
