from dataclasses import replace
from datetime import UTC, datetime, timedelta

import attrs

from totetaxi_adapters.setting_values import Environment
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_adapters.worker import SCHEDULE, SCHEDULER, WORKER
from totetaxi_cli.health_check import Verdict
from totetaxi_cli.worker_checks import check_worker


async def test_given_a_worker_that_stopped_when_in_production_then_each_of_its_tasks_fails(
    database_url: str,
) -> None:
    settings = settings_from({"HOME": "/nowhere", "STRIPE_API_BASE": "http://127.0.0.1:9"})
    stopped_at = datetime.now(UTC) - timedelta(hours=3)
    async with wired(settings, database_url) as wiring:
        for name in (WORKER, SCHEDULER, *SCHEDULE):
            if name != "forget":
                await wiring.heartbeats.beat(name, at=stopped_at)
        production = replace(
            wiring, settings=attrs.evolve(settings, environment=Environment.PRODUCTION)
        )

        checks = {check.name: check for check in await check_worker(production)}

    never_run = checks.pop("forget")
    assert {check.verdict for check in checks.values()} == {Verdict.FAIL}
    assert checks.keys() == {WORKER, SCHEDULER, *SCHEDULE} - {"forget"}
    assert all(check.advice for check in checks.values())
    # An hourly task has an hour after the first start: that is not worth a word of warning.
    assert (never_run.verdict, never_run.message) == (
        Verdict.OK,
        "has not run yet: expected every 1 h",
    )
