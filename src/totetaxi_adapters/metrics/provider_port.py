"""A provider's port, with every call counted, timed, traced and logged."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from inspect import isasyncgenfunction, iscoroutinefunction
from time import perf_counter
from typing import Any, TypeVar, cast

import structlog

from totetaxi_adapters.metrics.meters import OK, Meters, Outcome
from totetaxi_adapters.spans import Spans
from totetaxi_core.refusal import DomainError

Port = TypeVar("Port")
_LOG = structlog.get_logger(__name__)


class ProviderCalls:
    """Where calls to providers are told of."""

    def __init__(self, meters: Meters, spans: Spans) -> None:
        self._meters, self._spans = meters, spans

    def of(self, provider: str, port: Port) -> Port:
        """Return the port; its coroutines and lists are watched, all else is as it was."""
        return cast("Port", _Watched(port, provider, self))

    @contextmanager
    def call(self, provider: str, operation: str) -> Iterator[None]:
        """Watch one call, whose refusal is its outcome."""
        with self._spans.span(f"{provider} {operation}", kind="client") as span:
            outcome = Outcome()
            try:
                with self.counted(provider, operation) as outcome:
                    yield
            finally:
                span.note(outcome=outcome.value)

    @contextmanager
    def counted(self, provider: str, operation: str) -> Iterator[Outcome]:
        """Count, time and log what may be a list, read in pieces: no span goes around those."""
        started = perf_counter()
        with self._meters.call(provider, operation) as outcome:
            try:
                yield outcome
                outcome.value = OK
            except GeneratorExit:
                outcome.value = OK  # enough was read
                raise
            except DomainError as refusal:
                outcome.value = refusal.code
                raise
            finally:
                _log(provider, operation, outcome, seconds=perf_counter() - started)


def _log(provider: str, operation: str, outcome: Outcome, *, seconds: float) -> None:
    _LOG.info(
        "provider_called",
        provider=provider,
        operation=operation,
        outcome=outcome.value,
        duration_ms=round(seconds * 1_000, 2),
    )


class _Watched:
    def __init__(self, port: object, provider: str, calls: ProviderCalls) -> None:
        self._port, self._provider, self._calls = port, provider, calls

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the port has
        attribute = getattr(self._port, name)
        if iscoroutinefunction(attribute):
            return self._watched_call(name, attribute)
        return self._watched_list(name, attribute) if isasyncgenfunction(attribute) else attribute

    def _watched_call(self, name: str, act: Callable[..., Awaitable[Any]]) -> Any:  # noqa: ANN401
        async def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  as the port has it
            with self._calls.call(self._provider, name):
                return await act(*arguments, **named)

        return call

    def _watched_list(self, name: str, act: Callable[..., AsyncIterator[Any]]) -> Any:  # noqa: ANN401
        async def listed(*arguments: Any, **named: Any) -> AsyncIterator[Any]:  # noqa: ANN401
            with self._calls.counted(self._provider, name):
                async for one in act(*arguments, **named):
                    yield one

        return listed
