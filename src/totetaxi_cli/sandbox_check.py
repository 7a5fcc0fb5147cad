"""Whether the sandbox answers for a provider: it too can be down, by the faults it was given."""

from collections.abc import Awaitable

from totetaxi_cli.health_check import HealthCheck, failed, passed
from totetaxi_core.refusal import DomainError


async def check_sandbox(name: str, asking: Awaitable[None], *, why: str) -> HealthCheck:
    """Ask what the provider itself would be asked; `why` says why the sandbox is in its place."""
    try:
        await asking
    except DomainError as error:
        advice = (
            f"it may play faults it was given: DELETE /sandbox/{name}/faults of `totetaxi serve`"
            " ends them"
        )
        return failed(name, f"the sandbox ({why}): {error.code}: {error}", advice=advice)
    return passed(name, f"the sandbox answers: {why}")
