"""The Onfleet API's HTTP face."""

import base64
import binascii
import json
import logging
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias
from uuid import uuid4

from litestar.types import HTTPScope, Receive, Send

from totetaxi_adapters.sandbox.calls import Call, Reply, answer_with_faults, read_call, send_reply
from totetaxi_adapters.sandbox.faults import Action, FaultRule
from totetaxi_adapters.sandbox.onfleet import (
    assignment,
    places,
    recipients,
    task_changes,
    task_lists,
    tasks,
    webhooks,
    workers,
)
from totetaxi_adapters.sandbox.onfleet.fields import Asked, read_asked
from totetaxi_adapters.sandbox.onfleet.ids import ID, ORGANIZATION
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import (
    Answer,
    OnfleetRefusal,
    broken,
    missing,
    too_many,
    unauthorized,
)
from totetaxi_adapters.sandbox.onfleet.sandbox import OnfleetSandbox

Handler: TypeAlias = Callable[[Organization, Asked, str], Awaitable[Answer]]

PATH: Final = "/api/v2"
KEY: Final = re.compile(r"[A-Za-z0-9_-]{6,128}")

logger = logging.getLogger(__name__)


async def check_key(_: Organization, __: Asked, ___: str) -> Answer:
    message = f"Hello organization '{ORGANIZATION}', hello user 'sandbox'."
    return Answer(HTTPStatus.OK, {"status": 200, "message": message})


async def show_organization(_: Organization, __: Asked, ___: str) -> Answer:
    facts = {"id": ORGANIZATION, "name": "ToteTaxi", "timezone": "America/New_York"}
    return Answer(HTTPStatus.OK, facts | {"country": "US", "email": "dispatch@example.com"})


# The first that matches: names before ids.
ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/auth/test", check_key),
    ("GET", "/organization", show_organization),
    ("POST", "/tasks", tasks.create_task),
    ("POST", "/tasks/metadata", task_lists.search_metadata),
    ("GET", "/tasks/all", task_lists.list_tasks),
    ("GET", "/tasks/shortId/([0-9a-f]+)", tasks.retrieve_by_short_id),
    ("GET", f"/tasks/{ID}", tasks.retrieve_task),
    ("PUT", f"/tasks/{ID}", task_changes.update_task),
    ("DELETE", f"/tasks/{ID}", tasks.delete_task),
    ("POST", f"/tasks/{ID}/complete", tasks.complete_task),
    ("POST", "/destinations", places.create_destination),
    ("GET", f"/destinations/{ID}", places.retrieve_destination),
    ("POST", "/recipients", recipients.create_recipient),
    ("GET", "/recipients/phone/(.+)", recipients.recipient_of_phone),
    ("GET", "/recipients/name/(.+)", recipients.recipient_of_name),
    ("GET", f"/recipients/{ID}", recipients.retrieve_recipient),
    ("PUT", f"/recipients/{ID}", recipients.update_recipient),
    ("GET", "/workers", workers.list_workers),
    ("GET", f"/workers/{ID}", workers.retrieve_worker),
    ("GET", f"/workers/{ID}/tasks", task_lists.tasks_of_worker),
    ("GET", "/teams", workers.list_teams),
    ("GET", f"/teams/{ID}", workers.retrieve_team),
    ("GET", f"/teams/{ID}/tasks", task_lists.tasks_of_team),
    ("PUT", f"/containers/workers/{ID}", assignment.fill_worker),
    ("PUT", f"/containers/teams/{ID}", assignment.fill_team),
    ("GET", "/webhooks", webhooks.list_webhooks),
    ("POST", "/webhooks", webhooks.create_webhook),
    ("DELETE", f"/webhooks/{ID}", webhooks.delete_webhook),
)
MATCHERS: Final = tuple((method, re.compile(path), handler) for method, path, handler in ROUTES)


class OnfleetApi:
    """Answers `/api/v2/…`, mounted there: the scope's path is what follows."""

    def __init__(self, sandbox: OnfleetSandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        call = await read_call(scope, receive, prefix="", request_id=str(uuid4()))
        if "\0" in call.path:
            await send_reply(send, _reply(_unknown(call).answer, {}))
            return
        fault, left = await self._sandbox.admit(call.method, PATH + call.path)

        async def answer() -> Reply:
            return await self._answer(call, fault, left)

        await answer_with_faults(send, fault, answer)

    async def _answer(self, call: Call, fault: FaultRule | None, left: int | None) -> Reply:
        allowed = self._sandbox.settings.calls_per_s
        headers = {"x-ratelimit-limit": str(allowed), "x-ratelimit-remaining": str(left or 0)}
        if fault and fault.action is Action.REFUSE:
            return _refused(fault.status, headers)
        try:
            _authenticate(call.headers.get("authorization", ""))
            if left is None:
                raise too_many()  # noqa: TRY301  answered below as every refusal
            answer = await self._execute(call)
        except OnfleetRefusal as refusal:
            answer = refusal.answer
        except Exception:
            logger.exception("the Onfleet sandbox failed at %s %s", call.method, call.path)
            answer = broken().answer
        return _reply(answer, headers)

    async def _execute(self, call: Call) -> Answer:
        handler, subject = _route(call)
        asked = read_asked(call.query, call.body.encode("latin-1"))
        return await self._sandbox.execute(
            lambda organization: handler(organization, asked, subject),
            host=call.headers.get("host", "localhost"),
        )


def _route(call: Call) -> tuple[Handler, str]:
    for method, pattern, handler in MATCHERS:
        match = pattern.fullmatch(call.path)
        if match and method == call.method:
            return handler, match[1] if match.groups() else ""
    raise _unknown(call)


def _unknown(call: Call) -> OnfleetRefusal:
    return missing(f"{call.method} {call.path} is not there")


def _authenticate(authorization: str) -> None:
    """Check the form of the key: a user name without a password."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise unauthorized(1101, "No API key was sent.")
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("ascii", "replace")
    except binascii.Error:
        decoded = ""
    key, _, password = decoded.partition(":")
    if not KEY.fullmatch(key) or password:
        raise unauthorized(1102, "The API key is not valid.")


def _refused(status: int, headers: dict[str, str]) -> Reply:
    """Refuse as planned; what stands before Onfleet answers in HTML."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _reply(too_many().answer, headers)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _reply(broken().answer, headers)
    page = f"<html><body><h1>{status} {HTTPStatus(status).phrase}</h1></body></html>"
    return Reply(status=status, headers={"content-type": "text/html"}, body=page.encode())


def _reply(answer: Answer, headers: dict[str, str]) -> Reply:
    if answer.body is None:
        return Reply(status=answer.status, headers=headers, body=b"")
    headers = headers | {"content-type": "application/json"}
    return Reply(status=answer.status, headers=headers, body=json.dumps(answer.body).encode())
