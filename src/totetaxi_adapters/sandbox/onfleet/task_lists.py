"""Lists of tasks: by time in pages, by metadata all at once, of one driver or team."""

from http import HTTPStatus
from typing import Final

from psycopg.types.json import Jsonb

from totetaxi_adapters.sandbox.onfleet.fields import LATEST_MS, Asked
from totetaxi_adapters.sandbox.onfleet.metadata import read_metadata
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Answer, Json, invalid, missing
from totetaxi_adapters.sandbox.onfleet.task_shape import KIND, shown_task
from totetaxi_adapters.sandbox.onfleet.workers import team, worker_named

PAGE: Final = 64
SHOWN: Final = 100


async def list_tasks(organization: Organization, asked: Asked, _: str) -> Answer:
    """List a page. A page may hold few or none though more follow: `lastId` tells."""
    since, until = asked.instant_ms("from"), asked.instant_ms("to")
    if since is None:
        raise invalid("from is required")
    last_id = asked.query.get("lastId")
    looked_at = await _page(organization, since, until or LATEST_MS, last_id)
    page = looked_at[:PAGE]
    found = [task for task in page if _is_wanted(task, asked)]
    body: Json = {"tasks": [await shown_task(organization, task) for task in found]}
    if len(looked_at) > PAGE:
        body["lastId"] = page[-1]["id"]
    return Answer(HTTPStatus.OK, body)


async def search_metadata(organization: Organization, asked: Asked, _: str) -> Answer:
    """Return every task that has all the entries, with equal values."""
    if not isinstance(asked.body, list) or not asked.body:
        raise invalid("the body must be an array of metadata")
    entries = [
        {name: entry[name] for name in ("name", "type", "value")}
        for entry in read_metadata(asked.body)
    ]
    found = await organization.select(KIND, "body->'metadata' @> %s", Jsonb(entries))
    return Answer(HTTPStatus.OK, [await shown_task(organization, task) for task in found])


async def tasks_of_worker(organization: Organization, _: Asked, worker_id: str) -> Answer:
    worker = await worker_named(organization, worker_id)
    found = await organization.select(
        KIND, "body->>'worker' = %s AND body->>'state' IN ('1', '2')", worker["id"]
    )
    return Answer(
        HTTPStatus.OK, {"tasks": [await shown_task(organization, task) for task in found]}
    )


async def tasks_of_team(organization: Organization, _: Asked, team_id: str) -> Answer:
    """List what nobody of the team has yet."""
    waiting = (await team(organization, team_id))["tasks"]
    found = await organization.select(KIND, "id = ANY(%s)", waiting)
    return Answer(
        HTTPStatus.OK, {"tasks": [await shown_task(organization, task) for task in found]}
    )


async def newest_tasks(organization: Organization) -> list[Json]:
    """Return what the list of the pages shows, newest first."""
    found = await organization.select(
        KIND,
        """seq > coalesce((SELECT seq FROM sandbox.onfleet_objects WHERE kind = 'task'
            ORDER BY seq DESC OFFSET %s LIMIT 1), 0)""",
        SHOWN,
    )
    return [await shown_task(organization, task) for task in reversed(found)]


async def task_with_id(organization: Organization, task_id: str) -> Json:
    """Return the task as shown.

    Raises:
        OnfleetRefusal: there is none.
    """
    return await shown_task(organization, await organization.find(KIND, task_id))


async def task_of_token(organization: Organization, token: str) -> Json:
    """Return the task of a tracking link, which has been looked at from now on.

    Raises:
        OnfleetRefusal: the link leads nowhere.
    """
    found = await organization.select(KIND, "body->'sandbox'->>'token' = %s", token)
    if not found:
        raise missing("The link leads nowhere")
    task = await organization.find(KIND, found[0]["id"], lock=True)
    task["trackingViewed"] = True
    await organization.save(task)
    return await shown_task(organization, task)


async def _page(
    organization: Organization, since: int, until: int, last_id: str | None
) -> list[Json]:
    """Return one task more than a page.

    Completed ones are found by when they were completed, all others by when they were created.
    """
    cursor = await organization.connection.execute(
        """SELECT body FROM sandbox.onfleet_objects
        WHERE kind = 'task'
            AND (%(last)s::text IS NULL OR seq > (
                SELECT seq FROM sandbox.onfleet_objects WHERE id = %(last)s))
            AND coalesce((body->'completionDetails'->>'time')::bigint,
                (body->>'timeCreated')::bigint) BETWEEN %(since)s AND %(until)s
        ORDER BY seq LIMIT %(size)s""",
        {"last": last_id, "since": since, "until": until, "size": PAGE + 1},
    )
    return [row[0] for row in await cursor.fetchall()]


def _is_wanted(task: Json, asked: Asked) -> bool:
    states, depends = asked.choices("state"), asked.choices("dependencies")
    worker, before = asked.query.get("worker"), asked.instant_ms("completeBeforeBefore")
    after = asked.instant_ms("completeAfterAfter")
    return (
        (states is None or str(task["state"]) in states)
        and (depends is None or bool(depends.intersection(task["dependencies"])))
        and (worker is None or task["worker"] == worker)
        and (before is None or (task["completeBefore"] or LATEST_MS) < before)
        and (after is None or (task["completeAfter"] or 0) > after)
    )
