"""What is told of a call to a provider."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from prometheus_client.exposition import generate_latest
from structlog.testing import capture_logs

from totetaxi_adapters.metrics.meters import Meters
from totetaxi_adapters.metrics.provider_port import ProviderCalls
from totetaxi_adapters.spans import NoSpans
from totetaxi_core.payments.gateway import PaymentUnavailableError


class Bank:
    """A port with a bit of everything."""

    name = "bank"

    async def pay(self, cents: int, *, to: str) -> str:
        return f"{cents} to {to}"

    async def refuse(self) -> None:
        raise PaymentUnavailableError("closed")

    async def break_down(self) -> None:
        raise ZeroDivisionError

    async def entries(self) -> AsyncGenerator[int, None]:
        yield 1
        yield 2


@pytest.fixture
def meters() -> Meters:
    return Meters()


@pytest.fixture
def bank(meters: Meters) -> Bank:
    return ProviderCalls(meters, NoSpans()).of("stripe", Bank())


def line(operation: str, outcome: str) -> str:
    labels = f'operation="{operation}",outcome="{outcome}",provider="stripe"'
    return f"totetaxi_provider_calls_total{{{labels}}} 1.0"


async def test_given_a_call_that_works_when_made_then_it_is_counted_timed_and_logged(
    bank: Bank, meters: Meters
) -> None:
    with capture_logs() as lines:
        answer = await bank.pay(5, to="ada")

    told = generate_latest(meters.registry).decode()
    assert answer == "5 to ada"
    assert line("pay", "ok") in told
    assert 'duration_seconds_count{operation="pay",provider="stripe"} 1.0' in told
    assert [(one["event"], one["operation"], one["outcome"]) for one in lines] == [
        ("provider_called", "pay", "ok")
    ]


async def test_given_a_call_that_is_refused_when_made_then_its_outcome_is_the_refusals_code(
    bank: Bank, meters: Meters
) -> None:
    with pytest.raises(PaymentUnavailableError):
        await bank.refuse()
    with pytest.raises(ZeroDivisionError):
        await bank.break_down()

    told = generate_latest(meters.registry).decode()
    assert line("refuse", "payment_unavailable") in told
    assert line("break_down", "crashed") in told


async def test_given_a_list_when_read_to_its_end_or_left_then_it_is_counted_as_one_call(
    bank: Bank, meters: Meters
) -> None:
    every = [one async for one in bank.entries()]
    async with aclosing(bank.entries()) as entries:
        first = await anext(entries)

    assert (every, first) == ([1, 2], 1)
    labels = 'operation="entries",outcome="ok",provider="stripe"'
    assert f"totetaxi_provider_calls_total{{{labels}}} 2.0" in (
        generate_latest(meters.registry).decode()
    )


def test_given_what_is_no_call_when_used_then_it_is_as_it_was(bank: Bank) -> None:
    assert bank.name == "bank"
