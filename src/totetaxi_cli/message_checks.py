"""The doctor's look at messages: did all go, and do our alerts arrive?"""

from collections.abc import Mapping

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.health_check import HealthCheck, passed, warned
from totetaxi_core.notifications.message import Channel, MessageState
from totetaxi_core.notifications.refused_address import RefusedAddress

NAME = "messages"


async def check_messages(wiring: Wiring) -> HealthCheck:
    """Tell of messages that may be lost, and whether staff can be written to at all."""
    staff_email = wiring.settings.staff_email
    async with wiring.ports.unit_of_work() as uow:
        counts = await uow.messages.unfinished()
        deaf = await uow.refused_addresses.find(Channel.EMAIL, staff_email)
    return _judge(counts, deaf)


def _judge(counts: Mapping[MessageState, int], deaf: RefusedAddress | None) -> HealthCheck:
    told = ", ".join(f"{number} {state}" for state, number in counts.items())
    if deaf is not None:
        advice = (
            "mend the mailbox or set STAFF_EMAIL anew, then "
            "`totetaxi messages addresses forget` the address"
        )
        return warned(NAME, f"{told}; STAFF_EMAIL refuses: no alert arrives", advice=advice)
    if counts[MessageState.UNKNOWN]:
        advice = (
            "they may have been sent: see `totetaxi messages list --state unknown`, ask whoever "
            "should have them, then `totetaxi messages send-again` or `settle`"
        )
        return warned(NAME, told, advice=advice)
    return passed(NAME, told)
