"""Customers: made, changed, deleted; and what refers to them."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import OK, list_answer
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payers import KIND
from totetaxi_adapters.sandbox.stripe.payment_methods import KIND as METHOD
from totetaxi_adapters.sandbox.stripe.payment_methods import detach_all
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, missing

CHANGEABLE: Final = ("email", "expand", "metadata", "name")


async def create_customer(account: Account, parameters: Parameters, _: str) -> Answer:
    parameters.refuse_unknown(*CHANGEABLE)
    customer = {
        "id": new_id(KIND),
        "object": KIND,
        "created": account.created,
        "email": parameters.text("email"),
        "livemode": False,
        "metadata": parameters.metadata(),
        "name": parameters.text("name"),
    }
    await account.add(customer)
    await account.emit("customer.created", customer)
    return Answer(OK, customer)


async def retrieve_customer(account: Account, parameters: Parameters, customer_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    return Answer(OK, _shown(await account.find(KIND, customer_id, param="id")))


async def update_customer(account: Account, parameters: Parameters, customer_id: str) -> Answer:
    parameters.refuse_unknown(*CHANGEABLE)
    customer = await _present(account, customer_id)
    for name in ("email", "name"):
        if name in parameters.names():
            customer[name] = parameters.text(name)
    customer["metadata"] |= parameters.metadata()
    await account.save(customer)
    await account.emit("customer.updated", customer)
    return Answer(OK, customer)


async def delete_customer(account: Account, parameters: Parameters, customer_id: str) -> Answer:
    """Delete the customer for ever; its cards are attached to nobody then."""
    parameters.refuse_unknown()
    customer = await _present(account, customer_id)
    await detach_all(account, customer_id)
    await account.save(customer | {"deleted": True, "email": None, "name": None})
    await account.emit("customer.deleted", customer)
    return Answer(OK, _shown(customer | {"deleted": True}))


async def list_of_customer(account: Account, parameters: Parameters, customer_id: str) -> Answer:
    """List the customer's cards, newest first."""
    parameters.refuse_unknown("expand", "limit", "starting_after", "type")
    parameters.choice("type", "card")
    await _present(account, customer_id)
    page = Page(
        size=parameters.page_size(),
        since=0,
        until=2**62,
        after=parameters.text("starting_after"),
        customer=customer_id,
    )
    url = f"/v1/customers/{customer_id}/payment_methods"
    return await list_answer(account, METHOD, page, parameters, url=url)


async def _present(account: Account, customer_id: str) -> Json:
    """Return the customer, locked.

    Raises:
        StripeRefusal: there is none, or it was deleted.
    """
    customer = await account.find(KIND, customer_id, param="id", lock=True)
    if customer.get("deleted"):
        raise missing(KIND, customer_id, param="id")
    return customer


def _shown(customer: Json) -> Json:
    """Return what Stripe shows: of a deleted customer only that it is deleted."""
    if not customer.get("deleted"):
        return customer
    return {"id": customer["id"], "object": KIND, "deleted": True}
