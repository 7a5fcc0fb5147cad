"""A dead worker is seen: by health, by staff in a mail, by the doctor."""

import json
import os
from pathlib import Path
from typing import Any

from tests.forked_process import run_forked
from tests.scenarios.eventually import eventually
from tests.scenarios.house import STAFF_EMAIL, House, free_port

TASKS = ("expire_holds", "check_payments", "sweep_effects", "beat")


def test_given_a_worker_that_dies_twice_when_a_minute_is_over_then_staff_get_one_mail_each_time(
    empty_house: House, tmp_path: Path
) -> None:
    house = empty_house
    worker = house.start("worker", port=free_port())
    eventually(lambda: _ran(house) == set(TASKS), within_s=40)
    house.start("service_on_watch", STRIPE_API_BASE="")  # with the sandbox, that shows messages
    well = _health(house)

    worker.kill()
    _let_a_minute_pass(house)
    [first] = eventually(lambda: _alerts(house), within_s=10)
    red = _health(house)
    doctor = _doctor(house, tmp_path)

    worker = house.start("worker", port=free_port())
    eventually(lambda: _health(house)[0] == 200, within_s=40)
    between = _alerts(house)
    worker.kill()
    _let_a_minute_pass(house)
    eventually(lambda: len(_alerts(house)) == 2, within_s=10)

    assert well[0] == 200
    assert red[0] == 503
    assert red[1]["worker"].startswith("unhealthy: silent since")
    assert first["kind"] == "worker_stopped"
    assert between == [first]
    for name in TASKS:
        assert doctor[name]["message"].startswith("has not run since "), doctor[name]
        assert "(1 h" in doctor[name]["message"]
    assert doctor["stripe"]["message"].startswith("answers, in test")
    assert "expected every 20 s" in doctor["expire_holds"]["message"]


def test_given_two_services_on_watch_when_the_worker_dies_then_staff_get_one_mail(
    empty_house: House,
) -> None:
    house = empty_house
    worker = house.start("worker", port=free_port())
    eventually(lambda: _ran(house) == set(TASKS), within_s=40)
    house.start("service_on_watch", STRIPE_API_BASE="")  # with the sandbox, that shows messages
    house.start("service_on_watch", port=free_port())

    worker.kill()
    _let_a_minute_pass(house)

    eventually(lambda: _alerts(house), within_s=10)
    house.start("worker", port=free_port())
    eventually(lambda: _health(house)[0] == 200, within_s=40)
    assert len(_alerts(house)) == 1


def _ran(house: House) -> set[str]:
    """Return which of the tasks have run to the end."""
    names = {row["name"] for row in house.rows("SELECT name FROM heartbeats")}
    return names & set(TASKS)


def _let_a_minute_pass(house: House) -> None:
    """Let more than that pass, so that the doctor's figure does not hang on the last second."""
    assert house.change("UPDATE heartbeats SET beat_at = beat_at - interval '61 minutes'")


def _health(house: House) -> tuple[int, dict[str, str]]:
    answer = house.guest.http.get("/health/")
    return answer.status_code, answer.json()["services"]


def _alerts(house: House) -> list[dict[str, Any]]:
    """Return what staff can read, as the sandbox shows it."""
    answer = house.guest.http.get("/sandbox/messages", params={"to": STAFF_EMAIL})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def _doctor(house: House, folder: Path) -> dict[str, dict[str, Any]]:
    environ = {"DATABASE_URL": house.database_url, "TOTETAXI_DATA_DIR": str(folder)}
    environ |= {"PATH": os.environ["PATH"], "STRIPE_API_BASE": house.stripe.base}
    examined = run_forked(["-m", "totetaxi_cli.main", "doctor", "--json"], env=environ)
    assert examined.returncode == 0, examined.stderr
    return {check["name"]: check for check in json.loads(examined.stdout)["checks"]}
