"""What a payer does on a session's page, and what the bank's word does to the session."""

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import Card
from totetaxi_adapters.sandbox.stripe.form import Form
from totetaxi_adapters.sandbox.stripe.intents import add_intent
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.paying import decide, pay
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, state_refused
from totetaxi_adapters.sandbox.stripe.sessions import PRIVATE, present_session, shown


async def pay_session(account: Account, session_id: str, card: Card) -> Answer:
    """Present the card on the page; the answer is the intent, or Stripe's 402.

    Raises:
        StripeRefusal: no such session, or it is not open.
    """
    session = await present_session(account, session_id)
    if session["status"] != "open":
        raise state_refused(f"This Checkout Session is {session['status']}: nobody can pay it.")
    if session["payment_intent"] is None:
        intent = await add_intent(account, _order(session), session_id=session_id)
        session["payment_intent"] = intent["id"]
        await account.save(session)
    answer = await pay(account, session["payment_intent"], card)
    await _follow(account, session)
    return answer


async def pay_intent(account: Account, intent_id: str, card: Card) -> Answer:
    """Present the card for an intent; that of a session is paid on its page alone.

    Raises:
        StripeRefusal: no such intent, or it takes no more cards.
    """
    session_id = await account.parent_of(intent_id)
    if session_id is not None:
        return await pay_session(account, session_id, card)
    return await pay(account, intent_id, card)


async def decide_intent(account: Account, intent_id: str, *, approve: bool) -> Answer:
    """End an intent's wait for the payer's approval or for the bank; its session goes along.

    Raises:
        StripeRefusal: no such intent, or it waits for nothing.
    """
    session_id = await account.parent_of(intent_id)
    if session_id is None:
        return await decide(account, intent_id, approve=approve)
    session = await present_session(account, session_id)  # locked before its intent, as everywhere
    answer = await decide(account, intent_id, approve=approve)
    await _follow(account, session)
    return answer


def _order(session: Json) -> Parameters:
    data = session[PRIVATE]
    form: Form = {
        "amount": str(session["amount_total"]),
        "currency": session["currency"],
        "metadata": data["metadata"],
        "receipt_email": data["receipt_email"] or session["customer_email"] or "",
    }
    return Parameters(form)


async def _follow(account: Account, session: Json) -> None:
    """Bring a locked session to where its intent stands."""
    intent = await account.find("payment_intent", session["payment_intent"], param="intent")
    is_through, status = session["status"] == "complete", intent["status"]
    if status == "succeeded":
        session["payment_status"] = "paid"
        await _complete(account, session, "async_payment_succeeded" if is_through else "completed")
    elif status == "processing" and not is_through:
        await _complete(account, session, "completed")
    elif status == "requires_payment_method" and is_through:
        await account.emit("checkout.session.async_payment_failed", shown(session))


async def _complete(account: Account, session: Json, event: str) -> None:
    session |= {"status": "complete", "url": None}
    await account.save(session)
    await account.emit(f"checkout.session.{event}", shown(session))
