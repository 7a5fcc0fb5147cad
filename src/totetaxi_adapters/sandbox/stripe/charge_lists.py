"""Lists of what hangs on charges: refunds and disputes."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.intents import list_answer
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import Answer

LISTABLE: Final = ("charge", "created", "expand", "limit", "payment_intent", "starting_after")


async def list_of_charges(
    account: Account, kind: str, parameters: Parameters, *, url: str
) -> Answer:
    """Answer a page of all there are, or of those of one charge or intent."""
    parameters.refuse_unknown(*LISTABLE)
    parent = parameters.text("payment_intent")
    charge_id = parameters.text("charge")
    if charge_id is not None:
        parent = (await account.find("charge", charge_id, param="charge"))["payment_intent"]
    elif parent is not None:
        await account.find("payment_intent", parent, param="payment_intent")
    since, until = parameters.created()
    page = Page(
        size=parameters.page_size(),
        since=since,
        until=until,
        after=parameters.text("starting_after"),
        parent=parent,
    )
    return await list_answer(account, kind, page, parameters, url=url)
