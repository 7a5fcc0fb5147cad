"""Whom an intent is for, and which of their cards it may be paid with."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import BY_TOKEN, card_of_number
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payment_methods import (
    Presented,
    add_method,
    card_of_method,
    find_method,
)
from totetaxi_adapters.sandbox.stripe.refusal import StripeRefusal, invalid_request

KIND: Final = "customer"
DATA: Final = "payment_method_data"


async def customer_named(account: Account, parameters: Parameters) -> str | None:
    """Return the customer that a call names; None if it names none.

    Raises:
        StripeRefusal: there is none of this id, or it was deleted.
    """
    customer_id = parameters.text("customer")
    if customer_id is None:
        return None
    found = await account.find_all([customer_id])
    customer = found.get(customer_id)
    if customer is None or customer["object"] != KIND or customer.get("deleted"):
        raise invalid_request(
            f"No such customer: '{customer_id}'", code="resource_missing", param="customer"
        )
    return customer_id


async def card_named(
    account: Account, parameters: Parameters, *, customer_id: str | None
) -> Presented | None:
    """Return the card that a call names: by token, by number, or one saved for the customer.

    Raises:
        StripeRefusal: there is no such card, or it is not the customer's.
    """
    name = parameters.text("payment_method")
    if name is not None and name not in BY_TOKEN:
        return await _saved(account, name, customer_id=customer_id)
    if name is not None:
        return await add_method(account, BY_TOKEN[name])
    number = parameters.group(DATA).group("card").text("number")
    return None if number is None else await add_method(account, card_of_number(number))


async def _saved(account: Account, method_id: str, *, customer_id: str | None) -> Presented:
    method = await find_method(account, method_id)
    owner = method["customer"]
    if owner is None:
        raise _unusable(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer"
            " attachment, or was detached from a Customer. It may not be used again."
        )
    if owner != customer_id:
        raise _unusable(
            "The provided PaymentMethod cannot be used: it belongs to another Customer, or you did"
            " not supply its Customer."
        )
    return Presented(method, await card_of_method(account, method_id), is_saved=True)


def _unusable(message: str) -> StripeRefusal:
    return invalid_request(message, param="payment_method")


def not_named(verb: str) -> StripeRefusal:
    """Refuse to go on without a card."""
    return invalid_request(
        f"You cannot confirm this {verb} because it's missing a payment method.",
        code=f"{verb.replace('Intent', '').lower()}_intent_unexpected_state",
    )
