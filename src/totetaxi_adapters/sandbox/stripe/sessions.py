"""Checkout sessions: made, read, expired. `session_paying` charges them."""

from typing import Final

import attrs

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.expansion import expand
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import (
    CANCELLABLE,
    MINIMUM_CENTS,
    OK,
    mark_canceled,
)
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.refusal import (
    Answer,
    Json,
    invalid_request,
    state_refused,
)

KIND: Final = "checkout.session"
PAGE: Final = "/sandbox/stripe/checkout"
SHORTEST_S: Final = 30 * 60
LONGEST_S: Final = 24 * 60 * 60
CREATABLE: Final = (
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "expand",
    "expires_at",
    "line_items",
    "metadata",
    "mode",
    "payment_intent_data",
    "success_url",
)
# What the page pays by; Stripe keeps it to itself.
PRIVATE: Final = "payment_intent_data"


async def create_session(account: Account, parameters: Parameters, _: str) -> Answer:
    parameters.refuse_unknown(*CREATABLE)
    session = _new_session(account, parameters)
    await account.add(session)
    return await _answer(account, session, parameters)


async def retrieve_session(account: Account, parameters: Parameters, session_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    return await _answer(account, await present_session(account, session_id), parameters)


async def expire_session(account: Account, parameters: Parameters, session_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    session = await present_session(account, session_id)
    if session["status"] != "open":
        raise state_refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
            f" Session has a status of {session['status']}."
        )
    await _expire(account, session)
    return await _answer(account, session, parameters)


async def present_session(account: Account, session_id: str) -> Json:
    """Return the session, locked until commit; one whose time is over lapses here.

    Raises:
        StripeRefusal: there is none.
    """
    session = await account.find(KIND, session_id, param="session", lock=True)
    if session["status"] == "open" and session["expires_at"] <= account.created:
        await _expire(account, session)
    return session


async def lapse_next(account: Account) -> bool:
    """Expire the open session whose time has been over the longest; False when there is none."""
    cursor = await account.connection.execute(
        """SELECT id FROM sandbox.stripe_objects
        WHERE kind = 'checkout.session' AND body->>'status' = 'open'
            AND (body->>'expires_at')::bigint <= %s
        ORDER BY (body->>'expires_at')::bigint LIMIT 1 FOR UPDATE SKIP LOCKED""",
        (account.created,),
    )
    row = await cursor.fetchone()
    if row is None:
        return False
    await present_session(account, row[0])
    return True


def shown(session: Json) -> Json:
    """Return the session as Stripe shows it."""
    return {name: value for name, value in session.items() if name != PRIVATE}


def with_address(answer: Answer, *, host: str) -> Answer:
    """Return the answer, with the whole address of a session's page."""
    url = answer.body.get("url") or ""
    if answer.body.get("object") != KIND or not url.startswith("/"):
        return answer
    return attrs.evolve(answer, body=answer.body | {"url": f"http://{host}{url}"})


async def _answer(account: Account, session: Json, parameters: Parameters) -> Answer:
    return Answer(OK, await expand(account, shown(session), parameters.expansions()))


async def _expire(account: Account, session: Json) -> None:
    """Expire a locked session, and cancel what its payer has begun."""
    if session["payment_intent"] is not None:
        intent = await account.find(
            "payment_intent", session["payment_intent"], param="intent", lock=True
        )
        if intent["status"] in CANCELLABLE:
            await mark_canceled(account, intent, reason="expired")
    session |= {"status": "expired", "url": None}
    await account.save(session)
    await account.emit("checkout.session.expired", shown(session))


def _new_session(account: Account, parameters: Parameters) -> Json:
    if parameters.required_text("mode") != "payment":
        raise invalid_request("Invalid mode: the sandbox knows payment alone", param="mode")
    session_id = new_id(KIND)
    cents = _total(parameters.group("line_items"))
    return {
        "id": session_id,
        "object": KIND,
        "amount_subtotal": cents,
        "amount_total": cents,
        "cancel_url": _address(parameters, "cancel_url"),
        "client_reference_id": parameters.text("client_reference_id"),
        "created": account.created,
        "currency": "usd",
        "customer": None,
        "customer_email": _email(parameters),
        "expires_at": _end(account, parameters),
        "livemode": False,
        "metadata": parameters.metadata(),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": _address(parameters, "success_url"),
        "ui_mode": "hosted_page",
        "url": f"{PAGE}/{session_id}",
        PRIVATE: _intent_data(parameters),
    }


def _total(items: Parameters) -> int:
    total = 0
    for name in items.names():
        item = items.group(name)
        item.refuse_unknown("price_data", "quantity")
        price = item.group("price_data")
        price.refuse_unknown("currency", "product_data", "unit_amount")
        price.group("product_data").required_text("name")
        if price.required_text("currency").lower() != "usd":
            raise invalid_request("Invalid currency", param=f"line_items[{name}]")
        total += (price.integer("unit_amount") or 0) * (item.integer("quantity") or 0)
    if total < MINIMUM_CENTS:
        raise invalid_request(
            "The Checkout Session's total amount must be at least $0.50 usd",
            code="amount_too_small",
            param="line_items",
        )
    return total


def _end(account: Account, parameters: Parameters) -> int:
    end = parameters.integer("expires_at")
    if end is None:
        return account.created + LONGEST_S
    if not SHORTEST_S <= end - account.created <= LONGEST_S:
        raise invalid_request(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout"
            " Session creation.",
            param="expires_at",
        )
    return end


def _address(parameters: Parameters, name: str) -> str:
    address = parameters.required_text(name)
    if not address.startswith(("http://", "https://")):
        raise invalid_request("Not a valid URL", code="url_invalid", param=name)
    return address


def _email(parameters: Parameters) -> str | None:
    email = parameters.text("customer_email")
    if email is not None and "@" not in email:
        raise invalid_request(
            f"Invalid email address: {email}", code="email_invalid", param="customer_email"
        )
    return email


def _intent_data(parameters: Parameters) -> Json:
    data = parameters.group("payment_intent_data")
    data.refuse_unknown("metadata", "receipt_email")
    return {"metadata": data.metadata(), "receipt_email": data.text("receipt_email")}
