"""The drivers and their team. They are there from the start, and nobody hires."""

from http import HTTPStatus
from typing import Any, Final

from psycopg.types.json import Jsonb

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.onfleet.fields import Asked
from totetaxi_adapters.sandbox.onfleet.ids import ADMIN, ORGANIZATION, TEAM
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Answer, Json, invalid, missing

KIND: Final = "worker"
OFF_DUTY, IDLE, BUSY = "0", "1", "2"
BORN_MS: Final = 1_760_000_000_000
DRIVERS: Final = (
    ("c3Yt~Q9zRw*0LmX5vBn8KdHs", "Ana Reyes", True),
    ("f6Lp*W2xTq~8JnC4sVm1ZbGd", "Ben Okafor", True),
    ("h9Rk~E5uYa*3PfM7oDt0XwSj", "Chloe Park", True),
    ("j2Nv*I8cBg~6QzK1yHr5UeLx", "Dmitri Volkov", True),
    ("m5Ts~O1dFl*9WaP3iGx8CuBq", "Elena Rossi", True),
    ("p8Zw*A4hJn~2RbV6kEy1MoTf", "Femi Adeyemi", True),
    ("r1Xd~S7gMq*5TcU9lWz4NpKv", "Grace Lin", False),
)


async def seed_workers(connection: Connection) -> None:
    """Hire the drivers who are not there yet."""
    for number, (worker_id, name, on_duty) in enumerate(DRIVERS):
        worker = {
            "id": worker_id,
            "organization": ORGANIZATION,
            "name": name,
            "displayName": name.split()[0],
            "phone": f"+1212555020{number}",
            "teams": [TEAM],
            "onDuty": on_duty,
            "accountStatus": "ACCEPTED",
            "location": [-73.97 - number / 100, 40.75 + number / 100] if on_duty else None,
            "timeCreated": BORN_MS,
            "timeLastModified": BORN_MS,
            "timeLastSeen": BORN_MS,
            "delayTime": None,
            "capacity": 0,
            "additionalCapacities": {"capacityA": 0, "capacityB": 0, "capacityC": 0},
            "vehicle": {"id": f"van-{number}", "type": "TRUCK", "description": "Van"},
            "imageUrl": None,
            "timezone": "America/New_York",
            "metadata": [],
            "userData": {},
        }
        await connection.execute(
            """INSERT INTO sandbox.onfleet_objects (id, kind, body) VALUES (%s, %s, %s)
            ON CONFLICT (id) DO NOTHING""",
            (worker_id, KIND, Jsonb(worker)),
        )


async def list_workers(organization: Organization, asked: Asked, _: str) -> Answer:
    """List those of some states, teams and phones, with the properties asked for."""
    states, phones, teams = (asked.choices(name) for name in ("states", "phones", "teams"))
    found = [
        worker
        for worker in await every_worker(organization)
        if (states is None or _state_of(worker) in states)
        and (phones is None or worker["phone"] in phones)
        and (teams is None or teams.intersection(worker["teams"]))
    ]
    names = asked.choices("filter")
    return Answer(HTTPStatus.OK, [_only(worker, names) for worker in found])


async def retrieve_worker(organization: Organization, asked: Asked, worker_id: str) -> Answer:
    worker = await _shown(organization, await organization.find(KIND, worker_id))
    return Answer(HTTPStatus.OK, _only(worker, asked.choices("filter")))


async def list_teams(organization: Organization, _: Asked, __: str) -> Answer:
    return Answer(HTTPStatus.OK, [await team(organization, TEAM)])


async def retrieve_team(organization: Organization, _: Asked, team_id: str) -> Answer:
    return Answer(HTTPStatus.OK, await team(organization, team_id))


async def team(organization: Organization, team_id: str) -> Json:
    """Return the team.

    Raises:
        OnfleetRefusal: there is none.
    """
    if team_id != TEAM:
        raise missing(f"No team has the id {team_id}")
    waiting = await organization.select(
        "task", "body->'container'->>'team' = %s AND body->>'state' = '0'", TEAM
    )
    return {
        "id": TEAM,
        "name": "ToteTaxi drivers",
        "managers": [ADMIN],
        "workers": [worker_id for worker_id, _, __ in DRIVERS],
        "tasks": [task["id"] for task in waiting],
        "hub": None,
        "enableSelfAssignment": False,
        "timeCreated": BORN_MS,
        "timeLastModified": BORN_MS,
    }


async def worker_named(organization: Organization, worker_id: str) -> Json:
    """Return the driver whom a task is to go to.

    Raises:
        OnfleetRefusal: there is none.
    """
    found = await organization.select(KIND, "id = %s", worker_id)
    if not found:
        raise invalid("Invalid worker id")
    return found[0]


async def every_worker(organization: Organization) -> list[Json]:
    return [await _shown(organization, one) for one in await organization.select(KIND)]


async def least_busy(organization: Organization) -> Json | None:
    """Return who is on duty and has the fewest tasks; None when nobody is."""
    on_duty = [worker for worker in await every_worker(organization) if worker["onDuty"]]
    return min(on_duty, key=lambda worker: len(worker["tasks"]), default=None)


async def _shown(organization: Organization, worker: Json) -> Json:
    tasks = await organization.select(
        "task", "body->>'worker' = %s AND body->>'state' IN ('1', '2')", worker["id"]
    )
    active = next((task["id"] for task in tasks if task["state"] == int(BUSY)), None)
    return worker | {"tasks": [task["id"] for task in tasks], "activeTask": active}


def _state_of(worker: Json) -> str:
    if not worker["onDuty"]:
        return OFF_DUTY
    return BUSY if worker["activeTask"] else IDLE


def _only(worker: Json, names: frozenset[str] | None) -> dict[str, Any]:
    if names is None:
        return worker
    return {name: value for name, value in worker.items() if name in names | {"id"}}
