"""The pages of the sandbox: a list of tasks, a place to move one along, the customer's own."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Final

from totetaxi_adapters.sandbox.onfleet.moves import Target
from totetaxi_adapters.sandbox.onfleet.refusal import Json
from totetaxi_adapters.sandbox.onfleet.task_shape import ACTIVE, ASSIGNED, COMPLETED, UNASSIGNED
from totetaxi_adapters.sandbox.pages import button, layout

PREFIX: Final = "/sandbox/onfleet"
STATES: Final = {
    UNASSIGNED: "unassigned",
    ASSIGNED: "assigned",
    ACTIVE: "active",
}
MOVES: Final = {
    UNASSIGNED: (Target.ASSIGNED, Target.ACTIVE, Target.COMPLETED, Target.FAILED, Target.DELETED),
    ASSIGNED: (Target.UNASSIGNED, Target.ACTIVE, Target.COMPLETED, Target.FAILED, Target.DELETED),
    ACTIVE: (Target.COMPLETED, Target.FAILED),
    COMPLETED: (),
}
SAID: Final = {
    "unassigned": "We have your order.",
    "assigned": "A driver has your order.",
    "active": "Your driver is on the way.",
    "completed": "Done. Thank you!",
    "failed": "We could not do it. We will call you.",
}
STEP_S: Final = "5"


def tasks_page(tasks: Iterable[Json]) -> str:
    """List the tasks, newest first."""
    rows = "".join(
        f'<tr><td><a href="{PREFIX}/tasks/{escape(task["id"])}">{escape(task["shortId"])}</a></td>'
        f"<td>{'pickup' if task['pickupTask'] else 'drop-off'}</td><td>{status_of(task)}</td>"
        f"<td>{_instant(task['completeAfter'])}</td><td>{escape(task['notes'][:80])}</td></tr>"
        for task in tasks
    )
    names = ("Task", "Leg", "Status", "After", "Notes")
    head = "".join(f"<th>{name}</th>" for name in names)
    pilot = button("step_s", STEP_S, f"Move all by themselves, every {STEP_S} s")
    everyone = '<input type="hidden" name="all" value="true">'
    form = f'<form method="post" action="{PREFIX}/autopilot">{everyone}{pilot}</form>'
    return layout("Onfleet sandbox: tasks", f"<table><tr>{head}</tr>{rows}</table>{form}")


def task_page(task: Json, drivers: Iterable[Json]) -> str:
    """Show one task with what can be done about it: no script, forms only."""
    address = task["destination"]["address"]
    place = ", ".join(escape(value) for value in address.values() if value)
    names = {driver["id"]: driver["name"] for driver in drivers}
    facts = (
        f"<p>{'Pickup' if task['pickupTask'] else 'Drop-off'} at {place}:"
        f" <strong>{status_of(task)}</strong></p>"
        f"<p>Driver: {escape(names.get(task['worker'], 'none'))}</p>"
        f"<pre>{escape(task['notes'])}</pre>"
        f'<p><a href="{escape(task["trackingURL"])}">Tracking page</a></p>'
    )
    back = f'<p><a href="{PREFIX}">All tasks</a></p>'
    return layout(
        f"Onfleet sandbox: {task['shortId']}", facts + _moves(task, names) + _proof(task) + back
    )


def tracking_page(task: Json, *, driver: str | None) -> str:
    """Show the customer where the delivery is, and nothing about the customer."""
    status = status_of(task)
    eta = f"<p>Expected at {_instant(task['eta'])}</p>" if task["eta"] else ""
    who = f"<p>Your driver: {escape(driver)}</p>" if driver else ""
    return layout("Your delivery", f"<p><strong>{SAID[status]}</strong></p>{who}{eta}")


def status_of(task: Json) -> str:
    ended = "completed" if task["completionDetails"].get("success") else "failed"
    return STATES.get(task["state"], ended)


def _moves(task: Json, names: dict[str, str]) -> str:
    buttons = " ".join(button("to", to.value, to.value) for to in MOVES[task["state"]])
    if not buttons:
        return ""
    hidden = f'<input type="hidden" name="task_id" value="{escape(task["id"])}">'
    options = "".join(
        f'<option value="{escape(one)}">{escape(name)}</option>' for one, name in names.items()
    )
    choice = f'<select name="worker_id"><option value="">any driver</option>{options}</select>'
    return f'<form method="post" action="{PREFIX}/move">{hidden}{choice} {buttons}</form>'


def _proof(task: Json) -> str:
    details = task["completionDetails"]
    ids = [*(details["photoUploadIds"] or []), details["signatureUploadId"]]
    return "".join(
        f'<p><img src="{PREFIX}/uploads/{escape(one)}" alt="proof"></p>' for one in ids if one
    )


def _instant(at_ms: int | None) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC" if at_ms else ""
