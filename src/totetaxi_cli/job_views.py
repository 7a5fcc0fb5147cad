"""What is owed and in trouble, on the terminal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_options import MOST_LISTED
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_facts, print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.retry_effect import retry_effect

LATE = timedelta(minutes=1)


@attrs.frozen(kw_only=True)
class JobResponse:
    """An owed effect; `subject` has the ids of what it is about."""

    id: UUID
    kind: EffectKind
    state: EffectState
    subject: Mapping[str, str]
    attempts: int
    created_at: datetime
    due_at: datetime
    last_error: str | None

    @classmethod
    def from_effect(cls, effect: OwedEffect) -> Self:
        return cls(
            id=effect.id,
            kind=effect.kind,
            state=effect.state,
            subject=dict(effect.payload),
            attempts=effect.attempts,
            created_at=effect.created_at,
            due_at=effect.due_at,
            last_error=effect.last_error,
        )

    @property
    def told_subject(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.subject.items())


@attrs.frozen(kw_only=True)
class JobListResponse:
    results: tuple[JobResponse, ...]
    has_more: bool


def list_to_terminal(*, limit: int, as_json: bool) -> None:
    """Print what is in trouble."""

    async def job(wiring: Wiring) -> tuple[OwedEffect, ...]:
        late = wiring.ports.clock() - LATE
        async with wiring.ports.unit_of_work() as uow:
            return await uow.outbox.troubled(due_before=late, limit=limit + 1)

    troubled = run(job)
    found = tuple(JobResponse.from_effect(effect) for effect in troubled[:limit])
    has_more = len(troubled) > limit
    if as_json:
        print_json(JobListResponse(results=found, has_more=has_more))
        return
    print_table(
        ("job", "kind", "state", "subject", "attempts", "owed since (UTC)", "last error"),
        (_row(one) for one in found),
        right=frozenset({"attempts"}),
        empty="Nothing that is owed is in trouble.",
    )
    if has_more:
        typer.echo(
            f"These are the oldest {limit}; more are in trouble (--limit, at most {MOST_LISTED})."
        )


def retry_to_terminal(effect_id: UUID, *, staff: str, as_json: bool) -> None:
    """Make one that failed due again, and print it.

    Raises:
        InvalidInputError: no name.
        PermissionDeniedError: staff may not.
        EffectNotFoundError: nothing owed has this id.
        EffectNotFailedError: it is done, rests, or is retried anyway.
    """

    async def job(wiring: Wiring, staff_name: str) -> OwedEffect:
        return await retry_effect(effect_id, wiring.ports, staff_name=staff_name)

    response = JobResponse.from_effect(run(as_staff(staff, StaffCommand.JOBS_RETRY, job)))
    if as_json:
        print_json(response)
        return
    print_facts(
        [
            ("job", response.id),
            ("kind", response.kind),
            ("state", response.state),
            ("subject", response.told_subject),
            ("attempts", response.attempts),
            ("last error", response.last_error),
        ]
    )


def _row(response: JobResponse) -> tuple[object, ...]:
    return (
        response.id,
        response.kind,
        response.state,
        response.told_subject,
        response.attempts,
        f"{response.created_at:%Y-%m-%d %H:%M}",
        response.last_error,
    )
