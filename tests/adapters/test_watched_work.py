"""What a try of something owed leaves in the log, under the ids of whoever caused it."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog
from structlog.testing import capture_logs

from tests.builders import an_effect
from totetaxi_adapters.origin import at_work
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.watched_work import do_effect
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.outbox.owed_effect import EffectKind


async def owed_by(
    wiring: Wiring,
    request_id: str,
    *,
    kind: EffectKind = EffectKind.SEND_MESSAGE,
    **payload: str,
) -> UUID:
    """Owe an effect; a mail whose payload names none breaks whoever does it."""
    effect = an_effect(kind=kind, at=wiring.ports.clock(), payload=payload)
    with at_work(request_id=request_id):
        async with wiring.ports.unit_of_work() as uow:
            await uow.outbox.owe(effect)
            await uow.commit()
    return effect.id


async def test_given_an_effect_that_breaks_when_tried_then_the_log_says_so_under_its_ids(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)})
    async with wired(settings, database_url) as wiring:
        effect_id = await owed_by(wiring, "walk-9")

        with (
            capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged,
            pytest.raises(KeyError),
        ):
            await do_effect(effect_id, wiring, job_id=7)

    [line] = [one for one in logged if one["event"] == "effect_performed"]
    assert (line["request_id"], line["effect_id"], line["job_id"]) == ("walk-9", str(effect_id), 7)
    assert (line["kind"], line["outcome"], line["code"]) == ("send_message", "crashed", "KeyError")


async def test_given_an_effect_that_is_refused_when_tried_then_the_log_has_the_code_alone(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)})
    async with wired(settings, database_url) as wiring:
        effect_id = await owed_by(
            wiring, "walk-9", kind=EffectKind.SEND_REFUND, refund_id=str(uuid4())
        )

        with capture_logs() as logged:
            await do_effect(effect_id, wiring, job_id=7)

    [line] = [one for one in logged if one["event"] == "effect_performed"]
    assert (line["outcome"], line["code"]) == ("failed", "refund_not_found")
