"""Settle an intent that Stripe told us of, unless there is nothing to see."""

from typing import Final

from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms

NEW: Final = "is_new"
"""In what is owed, where all that was told is that the intent was made."""


async def settle_told(intent_id: str, ports: Ports, terms: Terms, *, is_new: bool = False) -> None:
    """Settle it; Stripe is not asked of one that we have as paid, as that is for good.

    Its verdict was read from Stripe when it was settled, and a look after that changes nothing:
    what goes back of it later is told by events of its refunds and disputes. Nor is Stripe asked
    of one that `is_new` where an attempt has it: nobody has paid it, and who does is told apart.
    One that no attempt has is taken up.

    Raises:
        IntentNotFoundError: Stripe has no such intent.
        PaymentUnavailableError: Stripe does not answer.
    """
    async with ports.unit_of_work() as uow:
        attempt = await uow.payments.attempt_of_intent(intent_id)
    if attempt is None or not (is_new or attempt.state is AttemptState.SUCCEEDED):
        await settle_intent(intent_id, ports, terms)
