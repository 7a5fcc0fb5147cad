"""Setup intents: a card saved for a customer without being charged."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import Decline, Reaction
from totetaxi_adapters.sandbox.stripe.ids import new_client_secret, new_id
from totetaxi_adapters.sandbox.stripe.intents import OK, automatic_methods
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payers import (
    DATA,
    card_named,
    customer_named,
    not_named,
)
from totetaxi_adapters.sandbox.stripe.payment_methods import Presented, attach
from totetaxi_adapters.sandbox.stripe.refusal import (
    PAYMENT_REQUIRED,
    Answer,
    Json,
    StripeRefusal,
    state_refused,
)

KIND: Final = "setup_intent"
CREATABLE: Final = ("automatic_payment_methods", "customer", "expand", "metadata", "usage")
CONFIRMABLE: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
NOT_AUTHENTICATED: Final = {
    "type": "invalid_request_error",
    "code": "setup_intent_authentication_failure",
    "message": "The latest attempt to set up the payment method has failed because authentication"
    " failed.",
}


async def create_setup(account: Account, parameters: Parameters, _: str) -> Answer:
    parameters.refuse_unknown(*CREATABLE)
    setup_id = new_id(KIND)
    setup = {
        "id": setup_id,
        "object": KIND,
        "automatic_payment_methods": automatic_methods(parameters),
        "client_secret": new_client_secret(setup_id),
        "created": account.created,
        "customer": await customer_named(account, parameters),
        "last_setup_error": None,
        "livemode": False,
        "metadata": parameters.metadata(),
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": parameters.choice("usage", "off_session", "on_session") or "off_session",
    }
    await account.add(setup)
    await account.emit("setup_intent.created", setup)
    return Answer(OK, setup)


async def retrieve_setup(account: Account, parameters: Parameters, setup_id: str) -> Answer:
    parameters.refuse_unknown("client_secret", "expand")
    return Answer(OK, await account.find(KIND, setup_id, param="intent"))


async def confirm_setup(account: Account, parameters: Parameters, setup_id: str) -> Answer:
    """Confirm with `payment_method` (a test token) or `payment_method_data[card][number]`."""
    parameters.refuse_unknown("expand", "payment_method", DATA, "return_url")
    setup = await _confirmable(account, setup_id)
    presented = await card_named(account, parameters, customer_id=setup["customer"])
    if presented is None:
        raise not_named("SetupIntent")
    return await _set_up(account, setup, presented)


async def set_up(account: Account, setup_id: str, presented: Presented) -> Answer:
    """Present the card; the answer is the setup intent, or Stripe's 402.

    Raises:
        StripeRefusal: no such setup intent, or it takes no more cards.
    """
    return await _set_up(account, await _confirmable(account, setup_id), presented)


async def decide_setup(account: Account, setup_id: str, *, approve: bool) -> Answer:
    """End the wait for the payer's approval (3-D Secure).

    Raises:
        StripeRefusal: no such setup intent, or it waits for nothing.
    """
    setup = await account.find(KIND, setup_id, param="intent", lock=True)
    if setup["status"] != "requires_action":
        raise _unexpected_state(setup)
    if approve:
        return await _succeed(account, setup)
    return await _fail(account, setup, NOT_AUTHENTICATED)


async def _confirmable(account: Account, setup_id: str) -> Json:
    setup = await account.find(KIND, setup_id, param="intent", lock=True)
    if setup["status"] not in CONFIRMABLE:
        raise _unexpected_state(setup)
    return setup


async def _set_up(account: Account, setup: Json, presented: Presented) -> Answer:
    card = presented.card
    setup["payment_method"] = presented.method["id"]
    if card.decline is not None and not card.can_be_saved:
        return await _fail(account, setup, _error(card.decline))
    if card.reaction is not Reaction.ASKS:
        return await _succeed(account, setup)
    setup |= {
        "status": "requires_action",
        "last_setup_error": None,
        "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}},
    }
    await account.save(setup)
    await account.emit("setup_intent.requires_action", setup)
    return Answer(OK, setup)


async def _succeed(account: Account, setup: Json) -> Answer:
    setup |= {"status": "succeeded", "last_setup_error": None, "next_action": None}
    await account.save(setup)
    if setup["customer"] is not None:
        await attach(account, setup["payment_method"], setup["customer"])
    await account.emit("setup_intent.succeeded", setup)
    return Answer(OK, setup)


async def _fail(account: Account, setup: Json, error: Json) -> Answer:
    setup |= {
        "status": "requires_payment_method",
        "last_setup_error": error,
        "next_action": None,
        "payment_method": None,
    }
    await account.save(setup)
    await account.emit("setup_intent.setup_failed", setup)
    return Answer(PAYMENT_REQUIRED, {"error": error | {"setup_intent": setup}})


def _error(decline: Decline) -> Json:
    error = {
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
    }
    return {name: value for name, value in error.items() if value is not None}


def _unexpected_state(setup: Json) -> StripeRefusal:
    return state_refused(
        f"You cannot confirm this SetupIntent because it has a status of {setup['status']}.",
        code="setup_intent_unexpected_state",
        setup_intent=setup,
    )
