"""The pages of the sandbox: a list of payments, and a place to pay one."""

from collections.abc import Iterable
from html import escape
from typing import Final

from totetaxi_adapters.sandbox.pages import button, layout
from totetaxi_adapters.sandbox.stripe.cards import CARDS, Card, Reaction, RefundReaction
from totetaxi_adapters.sandbox.stripe.disputes import DECIDABLE
from totetaxi_adapters.sandbox.stripe.refusal import Json

PREFIX: Final = "/sandbox/stripe"
REACTIONS: Final = {
    Reaction.PAYS: "pays",
    Reaction.DECLINES: "declined",
    Reaction.ASKS: "asks for approval (3-D Secure)",
    Reaction.TAKES_TIME: "stays processing",
}
REFUNDS: Final = {
    RefundReaction.SUCCEEDS: "",
    RefundReaction.PENDS: ", refunds take a while",
    RefundReaction.FAILS: ", refunds fail later",
}


def payments_page(intents: Iterable[Json]) -> str:
    """List the intents, newest first, each with its status and amount."""
    rows = "".join(
        f'<tr><td><a href="{PREFIX}/pay/{escape(intent["id"])}">{escape(intent["id"])}</a></td>'
        f"<td>{escape(intent['status'])}</td><td>{_dollars(intent['amount'])}</td>"
        f"<td>{escape(intent['metadata'].get('booking_number', ''))}</td></tr>"
        for intent in intents
    )
    head = "<tr><th>Payment intent</th><th>Status</th><th>Amount</th><th>Booking</th></tr>"
    return layout("Stripe sandbox: payments", f"<table>{head}{rows}</table>")


def pay_page(intent: Json, *, disputes: Iterable[Json] = ()) -> str:
    """Show one intent with what can be done about it: no script, forms only."""
    number = intent["metadata"].get("booking_number", "")
    facts = (
        f"<p>{_dollars(intent['amount'])} for booking {escape(number)}:"
        f" <strong>{escape(intent['status'])}</strong></p>"
    )
    error = intent["last_payment_error"]
    refusal = f"<p>{escape(error['message'])}</p>" if error else ""
    back = f'<p><a href="{PREFIX}">All payments</a></p>'
    title = f"Stripe sandbox: {intent['id']}"
    return layout(title, facts + refusal + _actions(intent) + _disputes(disputes) + back)


def checkout_page(session: Json, intent: Json | None) -> str:
    """Show what a payer finds at a Checkout session, and after it."""
    number = session["metadata"].get("booking_number", "")
    facts = (
        f"<p>{_dollars(session['amount_total'])} for booking {escape(number)}:"
        f" <strong>{escape(session['status'])}</strong></p>"
    )
    error = intent["last_payment_error"] if intent else None
    refusal = f"<p>{escape(error['message'])}</p>" if error else ""
    waits = intent is not None and intent["status"] in ("requires_action", "processing")
    actions = _actions(intent) if intent is not None and waits else _cards(session)
    leads = {"open": "cancel_url", "complete": "success_url"}.get(session["status"])
    back = f'<p><a href="{escape(session[leads])}">Back to the shop</a></p>' if leads else ""
    return layout("Stripe sandbox: checkout", facts + refusal + actions + back)


def _cards(session: Json) -> str:
    if session["status"] != "open":
        return ""
    field = '<label>Card number <input name="card"></label> <button>Pay</button>'
    buttons = "".join(f"<li>{button('card', card.number, _describe(card))}</li>" for card in CARDS)
    return "".join(
        _form_about("checkout_session_id", session, "pay", controls)
        for controls in (field, f"<ul>{buttons}</ul>")
    )


def _actions(intent: Json) -> str:
    if intent["status"] in ("requires_action", "processing"):
        approve = button("outcome", "approve", "Approve")
        return _form(intent, "authenticate", approve + " " + button("outcome", "deny", "Deny"))
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        return ""
    field = '<label>Card number <input name="card"></label> <button>Pay</button>'
    buttons = "".join(f"<li>{button('card', card.number, _describe(card))}</li>" for card in CARDS)
    return _form(intent, "pay", field) + _form(intent, "pay", f"<ul>{buttons}</ul>")


def _disputes(disputes: Iterable[Json]) -> str:
    return "".join(
        f"<p>Dispute {escape(one['id'])}: {_dollars(one['amount'])}, {escape(one['reason'])},"
        f" <strong>{escape(one['status'])}</strong></p>{_verdicts(one)}"
        for one in disputes
    )


def _verdicts(dispute: Json) -> str:
    if dispute["status"] not in DECIDABLE:
        return ""
    buttons = button("outcome", "won", "We win") + " " + button("outcome", "lost", "We lose")
    return _form_about("dispute_id", dispute, "disputes/close", buttons)


def _form(intent: Json, action: str, controls: str) -> str:
    return _form_about("payment_intent_id", intent, action, controls)


def _form_about(name: str, subject: Json, action: str, controls: str) -> str:
    hidden = f'<input type="hidden" name="{name}" value="{escape(subject["id"])}">'
    return f'<form method="post" action="{PREFIX}/{action}">{hidden}{controls}</form>'


def _describe(card: Card) -> str:
    reason = f": {card.decline.message}" if card.decline else ""
    disputed = f", disputed as {card.dispute_reason}" if card.dispute_reason else ""
    inquiry = " (an inquiry)" if card.is_inquiry else ""
    after = REFUNDS[card.refund] + disputed + inquiry
    return f"{card.number} {REACTIONS[card.reaction]}{after}{reason}"


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
