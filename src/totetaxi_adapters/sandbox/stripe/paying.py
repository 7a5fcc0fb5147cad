"""What happens when a card is presented for an intent, and when the bank makes up its mind."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import Card, Decline, Reaction
from totetaxi_adapters.sandbox.stripe.charges import add_charge
from totetaxi_adapters.sandbox.stripe.expansion import expand
from totetaxi_adapters.sandbox.stripe.intents import (
    CREATABLE,
    KIND,
    OK,
    add_intent,
    refuse_of_checkout,
    unexpected_state,
)
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payers import (
    DATA,
    card_named,
    customer_named,
    not_named,
)
from totetaxi_adapters.sandbox.stripe.payment_methods import (
    Presented,
    add_method,
    attach,
    card_of_method,
    find_method,
)
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


async def create_intent(account: Account, parameters: Parameters, _: str) -> Answer:
    """Make an intent; with `payment_method` and `confirm` it is charged at once."""
    parameters.refuse_unknown(*CREATABLE)
    customer_id = await customer_named(account, parameters)
    presented = await card_named(account, parameters, customer_id=customer_id)
    confirms = parameters.choice("confirm", "true", "false") == "true"
    if confirms and presented is None:
        raise not_named("PaymentIntent")
    method_id = presented.method["id"] if presented else None
    intent = await add_intent(account, parameters, customer_id=customer_id, method_id=method_id)
    if confirms and presented is not None:
        _refuse_without_return(intent, parameters)
        return await _expanded(account, parameters, await _present(account, intent, presented))
    return Answer(OK, await expand(account, intent, parameters.expansions()))


async def confirm_intent(account: Account, parameters: Parameters, intent_id: str) -> Answer:
    """Confirm with `payment_method` (a test token, or a saved card of the intent's customer).

    Or with `payment_method_data[card][number]`, or with the card the intent was made with.
    """
    parameters.refuse_unknown("expand", "payment_method", DATA, "return_url")
    await refuse_of_checkout(account, intent_id, "confirm")
    intent = await _confirmable(account, intent_id)
    _refuse_without_return(intent, parameters)
    presented = await card_named(account, parameters, customer_id=intent["customer"])
    if presented is None:
        presented = await _of_intent(account, intent)
    return await _expanded(account, parameters, await _present(account, intent, presented))


def _refuse_without_return(intent: Json, parameters: Parameters) -> None:
    """Refuse to confirm what might send its payer away without saying where they come back.

    Raises:
        StripeRefusal: the intent allows redirects and there is no `return_url`.
    """
    methods = intent["automatic_payment_methods"] or {"allow_redirects": "never"}
    if methods["allow_redirects"] != "never" and parameters.text("return_url") is None:
        raise invalid_request(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard."
            " Because some of these payment methods might redirect your customer off of your page,"
            " you must provide a `return_url`.",
            param="return_url",
        )


async def pay(account: Account, intent_id: str, card: Card) -> Answer:
    """Present a card that was typed in; the answer is the intent, or Stripe's 402.

    Raises:
        StripeRefusal: no such intent, or it takes no more cards.
    """
    intent = await _confirmable(account, intent_id)
    return await _present(account, intent, await add_method(account, card))


async def _confirmable(account: Account, intent_id: str) -> Json:
    intent = await account.find(KIND, intent_id, param="intent", lock=True)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "confirm")
    return intent


async def _of_intent(account: Account, intent: Json) -> Presented:
    method_id = intent["payment_method"]
    if method_id is None:
        raise not_named("PaymentIntent")
    method = await find_method(account, method_id)
    card = await card_of_method(account, method_id)
    return Presented(method, card, is_saved=method["customer"] is not None)


async def _present(account: Account, intent: Json, presented: Presented) -> Answer:
    """Charge the card for a locked intent."""
    card = presented.card
    intent["payment_method"] = presented.method["id"]
    if card.decline is not None:
        return await _decline(account, intent, card, card.decline)
    if presented.reaction is Reaction.ASKS:
        return await _wait(account, intent, "requires_action")
    if presented.reaction is Reaction.TAKES_TIME:
        return await _wait(account, intent, "processing")
    return await _succeed(account, intent, card)


async def _expanded(account: Account, parameters: Parameters, answer: Answer) -> Answer:
    if answer.status != OK:
        return answer
    return Answer(OK, await expand(account, answer.body, parameters.expansions()))


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
    if intent["setup_future_usage"] and intent["customer"]:
        await attach(account, intent["payment_method"], intent["customer"])
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
