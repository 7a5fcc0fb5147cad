"""Payment methods: a card that was presented, attached to a customer or to nobody."""

from typing import Final

import attrs

from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.cards import BY_TOKEN, Card, Reaction
from totetaxi_adapters.sandbox.stripe.charges import card_details
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, invalid_request, state_refused

KIND: Final = "payment_method"
OK: Final = 200
EVERY: Final = 10_000


@attrs.frozen
class Presented:
    """A card, filed as a method; `is_saved` before, with its payer's approval."""

    method: Json
    card: Card
    is_saved: bool = False

    @property
    def reaction(self) -> Reaction:
        if self.is_saved and self.card.asks_once:
            return Reaction.PAYS
        return self.card.reaction


async def retrieve_method(account: Account, parameters: Parameters, method_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    return Answer(OK, await account.find(KIND, method_id, param="payment_method"))


async def detach_method(account: Account, parameters: Parameters, method_id: str) -> Answer:
    """Detach the card for ever."""
    parameters.refuse_unknown("expand")
    method = await account.find(KIND, method_id, param="payment_method", lock=True)
    if method["customer"] is None:
        raise state_refused(
            "The payment method you provided is not attached to a customer so detachment is"
            " impossible.",
            param="payment_method",
        )
    return Answer(OK, await _detach(account, method))


async def detach_all(account: Account, customer_id: str) -> None:
    """Detach a deleted customer's cards: its own event tells of them all."""
    page = Page(size=EVERY, since=0, until=2**62, after=None, customer=customer_id)
    for method in (await account.page(KIND, page))[0]:
        await account.save(method | {"customer": None})


async def find_method(account: Account, method_id: str) -> Json:
    """Return the method that a call names.

    Raises:
        StripeRefusal: there is none.
    """
    method = (await account.find_all([method_id])).get(method_id)
    if method is None or method["object"] != KIND:
        raise invalid_request(
            f"No such PaymentMethod: '{method_id}'", code="resource_missing", param=KIND
        )
    return method


async def add_method(account: Account, card: Card) -> Presented:
    """File the card as a payment method under its token, which tells later how it behaves."""
    method = {
        "id": new_id(KIND),
        "object": KIND,
        "card": card_details(card),
        "created": account.created,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
    await account.add(method, parent=card.token)
    return Presented(method, card)


async def attach(account: Account, method_id: str, customer_id: str) -> None:
    """Save the card for the customer."""
    method = await account.find(KIND, method_id, param=KIND, lock=True)
    if method["customer"] is None:
        method["customer"] = customer_id
        await account.save(method)
        await account.emit("payment_method.attached", method)


async def card_of_method(account: Account, method_id: str) -> Card:
    token = await account.parent_of(method_id)
    return BY_TOKEN[token or ""]


async def _detach(account: Account, method: Json) -> Json:
    previous = {"customer": method["customer"]}
    method |= {"customer": None}
    await account.save(method)
    await account.emit("payment_method.detached", method, previous=previous)
    return method
