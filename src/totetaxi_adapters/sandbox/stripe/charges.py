"""Charges: one per attempt the bank heard of, paid or failed."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import Card, Decline
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.refusal import Json

EXPIRY_MONTH, EXPIRY_YEAR = 12, 2034
DISPUTED_AFTER_S: Final = 1.0


async def add_charge(
    account: Account, intent: Json, card: Card, *, decline: Decline | None = None
) -> Json:
    """File the charge of an attempt; its metadata is copied from the intent here, once.

    One whose card disputes it is due for that soon, unless money is sent back before.
    """
    charge = _facts(account, intent) | _outcome(intent, decline) | _card_facts(card, intent)
    due_in_s = DISPUTED_AFTER_S if card.dispute_reason else None
    await account.add(charge, parent=intent["id"], due_in_s=due_in_s)
    return charge


def card_details(card: Card) -> Json:
    return {
        "brand": card.brand,
        "country": "US",
        "exp_month": EXPIRY_MONTH,
        "exp_year": EXPIRY_YEAR,
        "funding": "credit",
        "last4": card.last_four,
        "network": card.brand,
    }


def _facts(account: Account, intent: Json) -> Json:
    return {
        "id": new_id("charge"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "balance_transaction": None,
        "created": account.created,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "livemode": False,
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "receipt_email": intent["receipt_email"],
        "receipt_url": None,
        "refunded": False,
    }


def _outcome(intent: Json, decline: Decline | None) -> Json:
    paid = decline is None
    return {
        "amount_captured": intent["amount"] if paid else 0,
        "captured": paid,
        "paid": paid,
        "status": "succeeded" if paid else "failed",
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "outcome": {
            "network_status": "approved_by_network" if paid else "declined_by_network",
            "reason": decline.decline_code if decline else None,
            "risk_level": "normal",
            "type": "authorized" if paid else "issuer_declined",
        },
    }


def _card_facts(card: Card, intent: Json) -> Json:
    return {
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": "card", "card": card_details(card)},
    }
