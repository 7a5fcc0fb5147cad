"""Payment intents: made, read, listed, cancelled. `paying` charges them."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.expansion import expand, expand_listed
from totetaxi_adapters.sandbox.stripe.ids import new_client_secret, new_id
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import (
    Answer,
    Json,
    StripeRefusal,
    invalid_request,
    state_refused,
)

KIND: Final = "payment_intent"
OK: Final = 200
MINIMUM_CENTS: Final = 50
CREATABLE: Final = (
    "amount",
    "automatic_payment_methods",
    "confirm",
    "currency",
    "customer",
    "description",
    "expand",
    "metadata",
    "payment_method",
    "receipt_email",
    "return_url",
    "setup_future_usage",
)
CANCELLABLE: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
REASONS: Final = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


async def add_intent(
    account: Account,
    parameters: Parameters,
    *,
    session_id: str | None = None,
    customer_id: str | None = None,
    method_id: str | None = None,
) -> Json:
    """File a new intent, made by a call or by a Checkout session; with a card it can be charged."""
    intent = _new_intent(account, parameters) | {"customer": customer_id}
    if method_id is not None:
        intent |= {"payment_method": method_id, "status": "requires_confirmation"}
    await account.add(intent, parent=session_id)
    await account.emit("payment_intent.created", intent)
    return intent


async def refuse_of_checkout(account: Account, intent_id: str, verb: str) -> None:
    """Refuse what the session of an intent alone may do to it.

    Raises:
        StripeRefusal: a Checkout session made the intent.
    """
    if await account.parent_of(intent_id) is not None:
        raise invalid_request(
            f"You cannot {verb} this PaymentIntent: it was created by a Checkout Session.",
            param="intent",
        )


async def retrieve_intent(account: Account, parameters: Parameters, intent_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    intent = await account.find(KIND, intent_id, param="intent")
    return Answer(OK, await expand(account, intent, parameters.expansions()))


async def list_intents(account: Account, parameters: Parameters, _: str) -> Answer:
    parameters.refuse_unknown("created", "expand", "limit", "starting_after")
    since, until = parameters.created()
    page = Page(
        size=parameters.page_size(),
        since=since,
        until=until,
        after=parameters.text("starting_after"),
    )
    return await list_answer(account, KIND, page, parameters, url="/v1/payment_intents")


async def list_answer(
    account: Account, kind: str, page: Page, parameters: Parameters, *, url: str
) -> Answer:
    """Answer one page in Stripe's envelope."""
    if page.after is not None:
        await account.find(kind, page.after, param="starting_after")
    bodies, has_more = await account.page(kind, page)
    data = await expand_listed(account, bodies, parameters.expansions())
    return Answer(OK, {"object": "list", "data": data, "has_more": has_more, "url": url})


async def cancel_intent(account: Account, parameters: Parameters, intent_id: str) -> Answer:
    parameters.refuse_unknown("cancellation_reason", "expand")
    reason = parameters.choice("cancellation_reason", *REASONS)
    intent = await account.find(KIND, intent_id, param="intent", lock=True)
    await refuse_of_checkout(account, intent_id, "cancel")
    if intent["status"] not in CANCELLABLE:
        raise unexpected_state(intent, "cancel")
    await mark_canceled(account, intent, reason=reason)
    return Answer(OK, await expand(account, intent, parameters.expansions()))


async def mark_canceled(account: Account, intent: Json, *, reason: str | None) -> None:
    """Cancel a locked intent."""
    intent |= {
        "status": "canceled",
        "canceled_at": account.created,
        "cancellation_reason": reason,
        "next_action": None,
    }
    await account.save(intent)
    await account.emit("payment_intent.canceled", intent)


def unexpected_state(intent: Json, verb: str) -> StripeRefusal:
    return state_refused(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent,
    )


def _new_intent(account: Account, parameters: Parameters) -> Json:
    intent_id = new_id(KIND)
    return {
        "id": intent_id,
        "object": KIND,
        "amount": _amount(parameters),
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": automatic_methods(parameters),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": new_client_secret(intent_id),
        "confirmation_method": "automatic",
        "created": account.created,
        "currency": _currency(parameters),
        "customer": None,
        "description": parameters.text("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": parameters.metadata(),
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card"],
        "receipt_email": parameters.text("receipt_email"),
        "setup_future_usage": parameters.choice("setup_future_usage", "off_session", "on_session"),
        "status": "requires_payment_method",
    }


def _amount(parameters: Parameters) -> int:
    amount = parameters.required_amount()
    if amount < MINIMUM_CENTS:
        raise invalid_request(
            "Amount must be at least $0.50 usd", code="amount_too_small", param="amount"
        )
    return amount


def _currency(parameters: Parameters) -> str:
    currency = parameters.required_text("currency").lower()
    if currency != "usd":
        raise invalid_request(f"Invalid currency: {currency}", param="currency")
    return currency


def automatic_methods(parameters: Parameters) -> Json | None:
    methods = parameters.group("automatic_payment_methods")
    methods.refuse_unknown("allow_redirects", "enabled")
    enabled = methods.choice("enabled", "true", "false") != "false"
    redirects = methods.choice("allow_redirects", "always", "never") or "always"
    return {"allow_redirects": redirects, "enabled": True} if enabled else None
