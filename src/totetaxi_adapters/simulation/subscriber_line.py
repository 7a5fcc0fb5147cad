"""A client system that hears of our events, at the end of a bad line."""

import asyncio
import json
from collections.abc import Mapping
from typing import Final

from totetaxi_adapters.memory.subscribers import MemorySubscribers
from totetaxi_adapters.simulation.faults import Faults
from totetaxi_core.webhooks.subscriber_gateway import SubscriberAnswer, SubscriberUnavailableError

URL: Final = "https://client.example/events"
BROKEN: Final = 500


class SubscriberLine(MemorySubscribers):
    """Others go on while a call travels; it is not heard, not answered, or answered 500."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    @property
    def heard(self) -> tuple[str, ...]:
        """Return the ids of the events that arrived, as often as they did, in their order."""
        return tuple(json.loads(each.body)["id"] for each in self.received)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        """Take the body.

        Raises:
            SubscriberUnavailableError: there is no answer, whether it arrived or not.
        """
        await asyncio.sleep(0)
        moment = None if self._faults.is_carried() else self._faults.chance.randrange(3)
        if moment == 0:
            raise SubscriberUnavailableError("no answer")
        if moment == 1:
            return SubscriberAnswer(status=BROKEN, text="broken")
        answer = await super().post(url, body=body, headers=headers)
        await asyncio.sleep(0)
        if moment is not None:
            raise SubscriberUnavailableError("no answer any more")
        return answer
