"""Bugs of moving day, each as a patch on the sound application."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from totetaxi_core.logistics import cancel_tasks, create_task, keep_state, move_tasks
from totetaxi_core.logistics.claim_task import open_tasks
from totetaxi_core.logistics.courier_gateway import ProviderTask
from totetaxi_core.logistics.courier_state import as_seen
from totetaxi_core.logistics.courier_task import CourierTask, Leg
from totetaxi_core.logistics.sync_task import look_up
from totetaxi_core.notifications import deliver_message
from totetaxi_core.notifications.message import Message, MessageState
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports, Terms


def create_retried_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the courier has made the task already is not asked."""
    claim = create_task._claim  # noqa: SLF001

    async def forgetful(task_id: UUID, ports: Ports, terms: Terms) -> create_task._Claimed | None:
        claimed = await claim(task_id, ports, terms)
        return claimed and replace(claimed, was_asked=False)

    monkeypatch.setattr(create_task, "_claim", forgetful)


def older_news_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer of the courier's that was overtaken on its way is taken for the newest."""

    def as_said(task: CourierTask, seen: ProviderTask, *, at: datetime) -> CourierTask:
        return as_seen(replace(task, changed_at=None), seen, at=at)

    monkeypatch.setattr(keep_state, "as_seen", as_said)


def dropoff_not_called_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a cancelled booking the pickup alone is called off."""

    async def pickups(booking_id: UUID, ports: Ports) -> tuple[CourierTask, ...]:
        tasks = await open_tasks(booking_id, ports)
        return tuple(task for task in tasks if task.leg is Leg.PICKUP)

    monkeypatch.setattr(cancel_tasks, "open_tasks", pickups)


def old_time_driven(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the courier has of a booking that moved is looked at, and not changed."""
    updated = move_tasks._updated  # noqa: SLF001

    async def looked_at(claimed: move_tasks._Claimed, ports: Ports) -> ProviderTask | None:
        seen = await look_up(claimed.task, ports)
        return seen if seen is not None else await updated(claimed, ports)

    monkeypatch.setattr(move_tasks, "_updated", looked_at)


def sent_again_after_death(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that was being sent as its worker died is sent once more."""
    begin = deliver_message._begin  # noqa: SLF001

    async def begin_again(effect: OwedEffect, ports: Ports) -> Message | None:
        async with ports.unit_of_work() as uow:
            message = await uow.messages.find(UUID(effect.payload["message_id"]), lock=True)
            if message is not None and message.state is MessageState.SENDING:
                await uow.messages.save(message.wait("whoever was sending it stopped"))
                await uow.commit()
        return await begin(effect, ports)

    monkeypatch.setattr(deliver_message, "_begin", begin_again)
