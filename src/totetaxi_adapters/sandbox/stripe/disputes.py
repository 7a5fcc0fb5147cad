"""Disputes: the bank of a payer asks, takes the charge's money, and decides."""

from datetime import timedelta
from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.charge_lists import list_of_charges
from totetaxi_adapters.sandbox.stripe.expansion import expand
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import OK
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payment_methods import card_of_method
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, state_refused

KIND: Final = "dispute"
INQUIRY: Final = "warning_needs_response"
DECIDABLE: Final = (INQUIRY, "needs_response")
EVIDENCE_S: Final = int(timedelta(days=9).total_seconds())
FEE_CENTS: Final = 1_500
MOST_OF_ONE_CHARGE: Final = 100


async def retrieve_dispute(account: Account, parameters: Parameters, dispute_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    dispute = await account.find(KIND, dispute_id, param="dispute")
    return Answer(OK, await expand(account, dispute, parameters.expansions()))


async def list_disputes(account: Account, parameters: Parameters, _: str) -> Answer:
    return await list_of_charges(account, KIND, parameters, url="/v1/disputes")


async def disputes_of(account: Account, intent_id: str) -> list[Json]:
    """Return the intent's disputes, newest first."""
    page = Page(size=MOST_OF_ONE_CHARGE, since=0, until=2**62, after=None, parent=intent_id)
    return (await account.page(KIND, page))[0]


def withdrawn_cents(dispute: Json) -> int:
    """Return what the dispute holds of the account's money, its fee apart."""
    moved: int = sum(one["amount"] for one in dispute["balance_transactions"])
    return -moved


async def open_next(account: Account) -> bool:
    """Dispute one charge whose card does so, now that its time has come; False when none is due."""
    cursor = await account.connection.execute(
        """SELECT body FROM sandbox.stripe_objects
        WHERE kind = 'charge' AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED"""
    )
    row = await cursor.fetchone()
    if row is None:
        return False
    charge: Json = row[0]
    card = await card_of_method(account, charge["payment_method"])
    dispute = _new_dispute(account, charge, reason=card.dispute_reason or "general")
    if not card.is_inquiry:
        _withdraw(account, dispute)
    await account.add(dispute, parent=charge["payment_intent"])
    charge["disputed"] = True
    await account.save(charge)
    await account.emit("charge.dispute.created", dispute)
    if not card.is_inquiry:
        await account.emit("charge.dispute.funds_withdrawn", dispute)
    return True


async def close_dispute(account: Account, dispute_id: str, *, won: bool) -> Answer:
    """Let the bank decide, for us or for the payer; a lost inquiry takes its money at last.

    Raises:
        StripeRefusal: no such dispute, it is decided, or its money has been refunded since.
    """
    charge_id = (await account.find(KIND, dispute_id, param="dispute"))["charge"]
    charge = await account.find("charge", charge_id, param="charge", lock=True)
    dispute = await account.find(KIND, dispute_id, param="dispute", lock=True)
    if dispute["status"] not in DECIDABLE:
        raise state_refused(f"This dispute is already closed: {dispute['status']}.")
    before = withdrawn_cents(dispute)
    if won:
        _win(account, dispute)
    else:
        _lose(account, dispute, charge)
    await account.save(dispute)
    if withdrawn_cents(dispute) != before:
        moved = "funds_reinstated" if won else "funds_withdrawn"
        await account.emit(f"charge.dispute.{moved}", dispute)
    await account.emit("charge.dispute.closed", dispute)
    return Answer(OK, dispute)


def _win(account: Account, dispute: Json) -> None:
    is_inquiry = dispute["status"] == INQUIRY
    if not is_inquiry:
        back = withdrawn_cents(dispute)
        dispute["balance_transactions"].append(_movement(account, dispute, back, fee=0))
    dispute |= {
        "status": "warning_closed" if is_inquiry else "won",
        "is_charge_refundable": True,
    }


def _lose(account: Account, dispute: Json, charge: Json) -> None:
    if dispute["status"] == INQUIRY:
        left = charge["amount_captured"] - charge["amount_refunded"]
        if left < dispute["amount"]:
            raise state_refused("The charge has been refunded: nothing is left to take.")
        _withdraw(account, dispute)
    dispute["status"] = "lost"


def _withdraw(account: Account, dispute: Json) -> None:
    movement = _movement(account, dispute, -dispute["amount"], fee=FEE_CENTS)
    dispute["balance_transactions"].append(movement)
    dispute |= {"status": "needs_response", "is_charge_refundable": False}


def _new_dispute(account: Account, charge: Json, *, reason: str) -> Json:
    """Return an inquiry into all that is left of the charge."""
    return {
        "id": new_id(KIND),
        "object": KIND,
        "amount": charge["amount_captured"] - charge["amount_refunded"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": account.created,
        "currency": charge["currency"],
        "evidence_details": {
            "due_by": account.created + EVIDENCE_S,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "network_reason_code": None,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": INQUIRY,
    }


def _movement(account: Account, dispute: Json, amount: int, *, fee: int) -> Json:
    return {
        "id": new_id("balance_transaction"),
        "object": "balance_transaction",
        "amount": amount,
        "created": account.created,
        "currency": dispute["currency"],
        "fee": fee,
        "net": amount - fee,
        "reporting_category": "dispute" if amount < 0 else "dispute_reversal",
        "source": dispute["id"],
        "type": "adjustment",
    }
