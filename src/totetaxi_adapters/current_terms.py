"""The house's terms with the schedule in effect, never stale by more than a second.

For what is asked often and binds nobody: previews, availability, the faults of a body. Whoever
books reads the schedule in their own transaction.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from totetaxi_adapters.following import following
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.terms_now import terms_now


class CurrentTerms:
    """Looks twice a second for another schedule; `house` are the terms without any of staff's."""

    def __init__(self, ports: Ports, house: Terms) -> None:
        self._ports, self._house = ports, house
        self.terms = house

    @classmethod
    @asynccontextmanager
    async def following(cls, ports: Ports, house: Terms) -> AsyncIterator["CurrentTerms"]:
        """Hold the terms for as long as it is open."""
        current = cls(ports, house)
        await current.refresh()
        async with following(current.refresh, what="schedule"):
            yield current

    async def refresh(self) -> None:
        """Take the schedule in effect now."""
        async with self._ports.unit_of_work() as uow:
            self.terms = await terms_now(uow, self._house)
