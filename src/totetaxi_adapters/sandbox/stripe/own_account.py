"""What the account tells of itself: enough for whoever asks whether a key is good."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import Answer

OK: Final = 200


async def show_balance(_account: Account, _parameters: Parameters, _: str) -> Answer:
    """Answer that nothing is there: no money here is real."""
    nothing = [{"amount": 0, "currency": "usd"}]
    return Answer(
        OK, {"object": "balance", "available": nothing, "pending": nothing, "livemode": False}
    )


async def list_endpoints(_account: Account, _parameters: Parameters, _: str) -> Answer:
    """Answer that there are none: events go to one address, named at the start."""
    url = "/v1/webhook_endpoints"
    return Answer(OK, {"object": "list", "data": [], "has_more": False, "url": url})
