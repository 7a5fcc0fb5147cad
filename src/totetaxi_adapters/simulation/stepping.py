"""A unit of work between whose statements anything may happen, death included."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Self

from totetaxi_adapters.simulation.faults import Faults
from totetaxi_core.unit_of_work import UnitOfWork

Note = Callable[[Sequence[object]], None]
STORES = ("add", "save")


class SteppingUnitOfWork:
    """Lets others run before each call and around the commit; connections are lost now and then.

    A lost commit was made, or was not. `note` is told of all that was added or saved, once it
    stands.
    """

    def __init__(self, inner: UnitOfWork, *, faults: Faults, note: Note) -> None:
        self._inner, self._faults, self._note = inner, faults, note
        self._stored: list[object] = []

    def __getattr__(self, name: str) -> "_SteppingRepository":
        return _SteppingRepository(getattr(self._inner, name), self._stored)

    async def __aenter__(self) -> Self:
        self._faults.break_database()
        self._stored.clear()
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._inner.__aexit__(kind, error, traceback)

    async def commit(self) -> None:
        await asyncio.sleep(0)
        self._faults.break_database()
        await self._inner.commit()
        self._note(self._stored)
        await asyncio.sleep(0)
        self._faults.break_database()


class _SteppingRepository:
    """Any repository; each of its calls is a step of its own."""

    def __init__(self, inner: object, stored: list[object]) -> None:
        self._inner, self._stored = inner, stored

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._inner, name)
        stored = self._stored if name in STORES else None

        async def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  any method's own
            await asyncio.sleep(0)
            answer = await method(*args, **kwargs)
            if stored is not None:
                stored.append(args[0])
            return answer

        return call
