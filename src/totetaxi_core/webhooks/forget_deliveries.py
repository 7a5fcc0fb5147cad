"""Forget what was delivered long ago."""

from datetime import timedelta
from typing import Final

from totetaxi_core.ports import Ports

KEPT: Final = timedelta(days=30)


async def forget_deliveries(ports: Ports, *, limit: int) -> int:
    """Forget deliveries that ended 30 days ago, and events nobody is owed; return how many.

    At most `limit` go at once; a booking's last event stays, so that its sequence goes on.
    """
    forgotten = 0
    while True:
        async with ports.unit_of_work() as uow:
            gone = await uow.webhook_deliveries.forget(before=ports.clock() - KEPT, limit=limit)
            await uow.commit()
        forgotten += gone
        if gone < limit:
            return forgotten
