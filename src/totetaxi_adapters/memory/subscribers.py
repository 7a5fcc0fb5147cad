"""The port to subscribers, without a network."""

from collections.abc import Mapping
from typing import NamedTuple

from totetaxi_core.webhooks.subscriber_gateway import (
    SubscriberAddressError,
    SubscriberAnswer,
    SubscriberUnavailableError,
)

OK = 200


class Received(NamedTuple):
    url: str
    body: bytes
    headers: Mapping[str, str]


class MemorySubscribers:
    """Keeps what arrived; answers as `answers` says by address, 200 if it says nothing.

    An address in `down` does not answer, one in `refused` is not called.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, int] = {}
        self.down: set[str] = set()
        self.refused: set[str] = set()

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        """Keep the body.

        Raises:
            SubscriberUnavailableError: the address is down.
            SubscriberAddressError: it is refused.
        """
        await self.check(url)
        if url in self.down:
            raise SubscriberUnavailableError(f"{url} does not answer")
        self.received.append(Received(url, body, headers))
        status = self.answers.get(url, OK)
        return SubscriberAnswer(status=status, text=f"answered {status}")

    async def check(self, url: str) -> None:
        """Look the address up.

        Raises:
            SubscriberAddressError: it is refused.
        """
        if url in self.refused:
            raise SubscriberAddressError(f"{url} is not called")
