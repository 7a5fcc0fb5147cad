"""Lists of tasks, page after page."""

from collections.abc import Mapping
from typing import Final

from totetaxi_adapters.onfleet.answer_fields import Json, parts, text
from totetaxi_adapters.onfleet.connection import OnfleetConnection
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError

MOST_PAGES: Final = 1_000


async def task_pages(connection: OnfleetConnection, query: Mapping[str, str]) -> tuple[Json, ...]:
    """Return the tasks of all pages.

    A page may be short, even empty, and another follow: only an answer without `lastId` is the end.

    Raises:
        CourierUnavailableError: a page has no list, or they go round in a circle.
    """
    tasks: list[Json] = []
    seen: set[str] = set()
    after = ""
    while len(seen) < MOST_PAGES:
        asked = {**query, "lastId": after} if after else query
        answer = await connection.call("GET", "/tasks/all", query=asked)
        if not isinstance(answer, dict) or not isinstance(answer.get("tasks"), list):
            raise CourierUnavailableError("a page of tasks without a list")
        tasks += parts(answer["tasks"])
        after = text(answer, "lastId")
        if not after:
            return tuple(tasks)
        if after in seen:
            break
        seen.add(after)
    raise CourierUnavailableError(f"the pages of tasks do not end after {len(seen)}")
