"""The sandbox's routes: the API itself, the pages, the calls for programs, the fault plan."""

import json
from typing import Any

import attrs
from litestar import MediaType, Response, Router, asgi, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_303_SEE_OTHER
from litestar.types import Receive, Scope, Send

from totetaxi_adapters.sandbox.faults import read_plan
from totetaxi_adapters.sandbox.onfleet.api import PATH, OnfleetApi
from totetaxi_adapters.sandbox.onfleet.moves import Manners, Target
from totetaxi_adapters.sandbox.onfleet.pages import PREFIX, task_page, tasks_page, tracking_page
from totetaxi_adapters.sandbox.onfleet.refusal import Json, OnfleetRefusal, invalid, missing
from totetaxi_adapters.sandbox.onfleet.sandbox import OnfleetSandbox
from totetaxi_adapters.sandbox.page_calls import Body, PlainRequest, is_form, read_body


@attrs.frozen(kw_only=True)
class MoveRequest:
    """Which task (its id, short id, or `task_id` in its metadata) goes where."""

    task_id: str
    to: Target
    worker_id: str | None = None
    notes: str = Manners().notes
    failure_reason: str = ""
    proof_after_s: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0))
    )


@attrs.frozen(kw_only=True)
class AutopilotRequest:
    """One task, or all there are and those to come. `step_s` left out ends it."""

    task_id: str | None = None
    all: bool = False
    step_s: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0))
    )


@get("/", media_type=MediaType.HTML)
async def list_tasks(onfleet_sandbox: NamedDependency[OnfleetSandbox]) -> str:
    """Show the newest tasks."""
    return tasks_page(await onfleet_sandbox.newest_tasks())


@get("/tasks/{task_id:str}", media_type=MediaType.HTML)
async def show_task(
    task_id: FromPath[str], onfleet_sandbox: NamedDependency[OnfleetSandbox]
) -> str:
    """Show one task with what can be done about it."""
    task = await onfleet_sandbox.find_task(_kept(task_id))
    return task_page(task, await onfleet_sandbox.drivers())


@get("/track/{token:str}", media_type=MediaType.HTML)
async def track(token: FromPath[str], onfleet_sandbox: NamedDependency[OnfleetSandbox]) -> str:
    """Show the customer where the delivery is."""
    task = await onfleet_sandbox.track(_kept(token))
    drivers = {driver["id"]: driver["displayName"] for driver in await onfleet_sandbox.drivers()}
    return tracking_page(task, driver=drivers.get(task["worker"]))


@get(["/uploads/{upload_id:str}", "/uploads/{upload_id:str}/{size:str}"])
async def show_proof(
    upload_id: FromPath[str], onfleet_sandbox: NamedDependency[OnfleetSandbox]
) -> Response[bytes]:
    """Serve a photo or signature; there is one size of each, whatever is asked for."""
    picture = await onfleet_sandbox.read_proof(_kept(upload_id))
    return Response(picture, media_type="image/png")


@post("/move")
async def move(
    request: PlainRequest, onfleet_sandbox: NamedDependency[OnfleetSandbox]
) -> Response[Any]:
    """Move a task along, from its page (a form) or from a program (JSON)."""
    body = await _read(request, MoveRequest)
    manners = Manners(
        worker_id=body.worker_id or None,
        notes=body.notes,
        failure_reason=body.failure_reason,
        proof_after_s=body.proof_after_s,
    )
    task = await onfleet_sandbox.move(body.task_id, body.to, manners)
    if is_form(request):
        gone = body.to is Target.DELETED
        page = PREFIX if gone else f"{PREFIX}/tasks/{task['id']}"
        return Redirect(page, status_code=HTTP_303_SEE_OTHER)
    return Response(_standing(task), status_code=HTTP_200_OK)


@post("/autopilot")
async def autopilot(
    request: PlainRequest, onfleet_sandbox: NamedDependency[OnfleetSandbox]
) -> Response[Any]:
    """Let a task, or all, move by itself; or end that."""
    body = await _read(request, AutopilotRequest)
    if body.all == (body.task_id is not None):
        raise invalid("Name one of task_id and all.")
    moving = await onfleet_sandbox.let_go(body.task_id, step_s=body.step_s)
    if is_form(request):
        return Redirect(PREFIX, status_code=HTTP_303_SEE_OTHER)
    return Response({"tasks": moving, "step_s": body.step_s}, status_code=HTTP_200_OK)


@post("/faults")
async def add_faults(
    request: PlainRequest, onfleet_sandbox: NamedDependency[OnfleetSandbox]
) -> Response[Any]:
    """Add rules to the fault plan; the body is a list of them."""
    try:
        rules = read_plan(json.loads(await request.body()))
    except (ValueError, RecursionError) as error:
        raise invalid(f"Invalid fault plan: {error}") from error
    return Response(
        {"faults": await onfleet_sandbox.add_faults(rules)}, status_code=HTTP_201_CREATED
    )


@delete("/faults")
async def clear_faults(onfleet_sandbox: NamedDependency[OnfleetSandbox]) -> None:
    """Empty the fault plan and let go what it held."""
    await onfleet_sandbox.clear_faults()


def onfleet_sandbox_router(sandbox: OnfleetSandbox) -> Router:
    """Return the routes below `/sandbox/onfleet`. `sandbox.running()` must be entered meanwhile."""
    api = OnfleetApi(sandbox)

    @asgi(PATH, is_mount=True, copy_scope=True)
    async def mounted_api(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)  # type: ignore[arg-type]  # a mount sees HTTP alone

    return Router(
        path=PREFIX,
        route_handlers=[
            mounted_api,
            list_tasks,
            show_task,
            track,
            show_proof,
            move,
            autopilot,
            add_faults,
            clear_faults,
        ],
        dependencies={"onfleet_sandbox": Provide(lambda: sandbox, sync_to_thread=False)},
        exception_handlers={OnfleetRefusal: _refuse},
        include_in_schema=False,
    )


def _refuse(_: PlainRequest, refusal: OnfleetRefusal) -> Response[Json]:
    return Response(refusal.answer.body, status_code=refusal.answer.status)


async def _read(request: PlainRequest, kind: type[Body]) -> Body:
    try:
        return await read_body(request, kind)
    except ValueError as error:
        raise invalid(f"Invalid body: {error}") from error


def _kept(name: str) -> str:
    """Return the name as it is; PostgreSQL has no text with a null byte."""
    if "\0" in name:
        raise missing("There is nothing of this name")
    return name


def _standing(task: Json) -> Json:
    """Tell a program how the task stands."""
    details = task["completionDetails"]
    return {
        "task_id": task["id"],
        "short_id": task["shortId"],
        "state": task["state"],
        "success": details.get("success"),
        "worker_id": task["worker"],
        "tracking_url": task["trackingURL"],
        "photo_ids": details["photoUploadIds"] or [],
        "signature_id": details["signatureUploadId"],
    }
