"""Tell staff that no worker works, once for each standstill."""

from datetime import datetime
from uuid import UUID, uuid5

from totetaxi_core.notifications.deliver_message import owed_delivery
from totetaxi_core.notifications.message import Channel, MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.perform_effect import perform_effect
from totetaxi_core.ports import Ports, Terms

STANDSTILLS = UUID("6c1d5b0e-58a8-4d2c-9a1b-2f5f3f0e7a41")


async def alert_standstill(
    last_seen_at: datetime | None, ports: Ports, terms: Terms
) -> EffectState | None:
    """Owe staff the message and send it here, as no worker will; None when that was done before.

    `last_seen_at` is the worker's last sign of life in UTC, None if there never was one. It tells
    one standstill from the next, so that many who notice the same one send one message.
    """
    alert = _alert(last_seen_at, at=ports.clock())
    async with ports.unit_of_work() as uow:
        await uow.outbox.owe(alert)
        await uow.commit()
    # Though it was owed before: whoever owed it may have died before sending it.
    state = await perform_effect(alert.id, ports, terms)
    delivery = owed_delivery(alert.id, channel=Channel.EMAIL, at=ports.clock())
    await perform_effect(delivery.id, ports, terms)
    return state


def _alert(last_seen_at: datetime | None, *, at: datetime) -> OwedEffect:
    """Return the effect. Its id is drawn from its cause, so that everybody finds the same one."""
    kind = MessageKind.WORKER_STOPPED
    since = None if last_seen_at is None else last_seen_at.isoformat()
    cause = f"{EffectKind.SEND_MESSAGE}:{kind}:{since or 'never seen'}"
    return OwedEffect(
        id=uuid5(STANDSTILLS, cause),
        kind=EffectKind.SEND_MESSAGE,
        cause=cause,
        payload={"message_kind": kind} | ({} if since is None else {"since": since}),
        created_at=at,
        due_at=at,
    )
