"""What happens when a card is presented for an intent, and when the bank makes up its mind."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import (
    BY_TOKEN,
    Card,
    Decline,
    Reaction,
    card_of_number,
)
from totetaxi_adapters.sandbox.stripe.charges import add_charge, card_details
from totetaxi_adapters.sandbox.stripe.expansion import expand
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import KIND, OK, refuse_of_checkout, unexpected_state
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import (
    PAYMENT_REQUIRED,
    Answer,
    Json,
    invalid_request,
)

CONFIRMABLE: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
UNDECIDED: Final = ("requires_action", "processing")
NOT_AUTHENTICATED: Final = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": "The provided PaymentMethod has failed authentication. You can provide"
    " payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
}
LATE_DECLINE: Final = Decline("card_declined", "generic_decline", "Your card was declined.")


async def confirm_intent(account: Account, parameters: Parameters, intent_id: str) -> Answer:
    """Confirm with `payment_method` (a test token) or `payment_method_data[card][number]`."""
    parameters.refuse_unknown("expand", "payment_method", "payment_method_data", "return_url")
    await refuse_of_checkout(account, intent_id, "confirm")
    answer = await pay(account, intent_id, _card(parameters))
    if answer.status != OK:
        return answer
    return Answer(OK, await expand(account, answer.body, parameters.expansions()))


async def pay(account: Account, intent_id: str, card: Card) -> Answer:
    """Present the card; the answer is the intent, or Stripe's 402.

    Raises:
        StripeRefusal: no such intent, or it takes no more cards.
    """
    intent = await account.find(KIND, intent_id, param="intent", lock=True)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "confirm")
    intent["payment_method"] = await _add_method(account, card)
    if card.decline is not None:
        return await _decline(account, intent, card, card.decline)
    if card.reaction is Reaction.ASKS:
        return await _wait(account, intent, "requires_action")
    if card.reaction is Reaction.TAKES_TIME:
        return await _wait(account, intent, "processing")
    return await _succeed(account, intent, card)


async def decide(account: Account, intent_id: str, *, approve: bool) -> Answer:
    """End the wait for the payer's approval (3-D Secure) or for the bank (`processing`).

    Raises:
        StripeRefusal: no such intent, or it waits for nothing.
    """
    intent = await account.find(KIND, intent_id, param="intent", lock=True)
    if intent["status"] not in UNDECIDED:
        raise unexpected_state(intent, "authenticate")
    card = await card_of_method(account, intent["payment_method"])
    if approve:
        return await _succeed(account, intent, card)
    if intent["status"] == "processing":
        return await _decline(account, intent, card, LATE_DECLINE)
    return await _fail(account, intent, NOT_AUTHENTICATED)


async def card_of_method(account: Account, method_id: str) -> Card:
    token = await account.parent_of(method_id)
    return BY_TOKEN[token or ""]


def _card(parameters: Parameters) -> Card:
    token = parameters.text("payment_method")
    if token is not None:
        if token not in BY_TOKEN:
            raise invalid_request(
                f"No such PaymentMethod: '{token}'", code="resource_missing", param="payment_method"
            )
        return BY_TOKEN[token]
    number = parameters.group("payment_method_data").group("card").text("number")
    if number is None:
        raise invalid_request(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    return card_of_number(number)


async def _add_method(account: Account, card: Card) -> str:
    """File the card as a payment method under its token, which tells later how it behaves."""
    method = {
        "id": new_id("payment_method"),
        "object": "payment_method",
        "card": card_details(card),
        "created": account.created,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
    await account.add(method, parent=card.token)
    return str(method["id"])


async def _succeed(account: Account, intent: Json, card: Card) -> Answer:
    charge = await add_charge(account, intent, card)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    await account.save(intent)
    await account.emit("charge.succeeded", charge)
    await account.emit("payment_intent.succeeded", intent)
    return Answer(OK, intent)


async def _wait(account: Account, intent: Json, status: str) -> Answer:
    action = {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {
            "type": "three_d_secure_redirect",
            "stripe_js": f"/sandbox/stripe/pay/{intent['id']}",
        },
    }
    intent |= {
        "status": status,
        "last_payment_error": None,
        "next_action": action if status == "requires_action" else None,
    }
    await account.save(intent)
    await account.emit(f"payment_intent.{status}", intent)
    return Answer(OK, intent)


async def _decline(account: Account, intent: Json, card: Card, decline: Decline) -> Answer:
    charge = await add_charge(account, intent, card, decline=decline)
    intent["latest_charge"] = charge["id"]
    await account.emit("charge.failed", charge)
    error = {
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
        "charge": charge["id"],
    }
    return await _fail(
        account, intent, {name: value for name, value in error.items() if value is not None}
    )


async def _fail(account: Account, intent: Json, error: Json) -> Answer:
    """Return the intent to its start. There is no status `failed`."""
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
    }
    await account.save(intent)
    await account.emit("payment_intent.payment_failed", intent)
    return Answer(PAYMENT_REQUIRED, {"error": error | {"payment_intent": intent}})
