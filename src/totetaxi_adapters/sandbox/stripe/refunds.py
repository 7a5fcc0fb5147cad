"""Refunds: never more than the charge has left, whatever runs at once."""

from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.cards import RefundReaction
from totetaxi_adapters.sandbox.stripe.charge_lists import list_of_charges
from totetaxi_adapters.sandbox.stripe.disputes import disputes_of, withdrawn_cents
from totetaxi_adapters.sandbox.stripe.expansion import expand
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import OK
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.payment_methods import card_of_method
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, invalid_request, state_refused

KIND: Final = "refund"
REASONS: Final = ("duplicate", "fraudulent", "requested_by_customer")
CREATABLE: Final = ("amount", "charge", "expand", "metadata", "payment_intent", "reason")


async def create_refund(
    account: Account, parameters: Parameters, _: str, *, settle_s: float
) -> Answer:
    """Give money back; a refund that pends or fails does so after `settle_s`."""
    parameters.refuse_unknown(*CREATABLE)
    asked, reason = parameters.amount(), parameters.choice("reason", *REASONS)
    metadata, expansions = parameters.metadata(), parameters.expansions()
    charge = await _locked_charge(account, parameters)
    disputed = await _disputed_cents(account, charge)
    amount = _checked_amount(charge, asked, disputed)
    reaction = (await card_of_method(account, charge["payment_method"])).refund
    refund = _new_refund(account, charge, amount, reaction) | {
        "reason": reason,
        "metadata": metadata,
    }
    moves_on = reaction is not RefundReaction.SUCCEEDS
    await account.add(
        refund, parent=charge["payment_intent"], due_in_s=settle_s if moves_on else None
    )
    await _take_back(account, charge, amount)
    await account.emit("refund.created", refund)
    await account.emit("charge.refunded", charge)
    return Answer(OK, await expand(account, refund, expansions))


async def retrieve_refund(account: Account, parameters: Parameters, refund_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    refund = await account.find(KIND, refund_id, param="id")
    return Answer(OK, await expand(account, refund, parameters.expansions()))


async def list_refunds(account: Account, parameters: Parameters, _: str) -> Answer:
    return await list_of_charges(account, KIND, parameters, url="/v1/refunds")


async def retrieve_charge(account: Account, parameters: Parameters, charge_id: str) -> Answer:
    parameters.refuse_unknown("expand")
    charge = await account.find("charge", charge_id, param="id")
    return Answer(OK, await expand(account, charge, parameters.expansions()))


async def settle_next(account: Account) -> bool:
    """Let one refund whose time has come succeed or fail; False when none is due."""
    cursor = await account.connection.execute(
        """SELECT body FROM sandbox.stripe_objects
        WHERE kind = %s AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED""",
        (KIND,),
    )
    row = await cursor.fetchone()
    if row is None:
        return False
    refund: Json = row[0]
    if refund["status"] == "pending":
        await _succeed(account, refund)
    else:
        await _fail(account, refund)
    return True


async def _succeed(account: Account, refund: Json) -> None:
    refund |= {"status": "succeeded", "pending_reason": None}
    await account.save(refund)
    await account.emit("refund.updated", refund)
    await account.emit("charge.refund.updated", refund)


async def _fail(account: Account, refund: Json) -> None:
    """The bank sends the money back to us: the payer still lacks it, the charge is open again."""
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    charge = await account.find("charge", refund["charge"], param="charge", lock=True)
    await account.save(refund)
    await _take_back(account, charge, -refund["amount"])
    await account.emit("refund.failed", refund)
    await account.emit("refund.updated", refund)
    await account.emit("charge.refund.updated", refund)


async def _locked_charge(account: Account, parameters: Parameters) -> Json:
    intent_id, charge_id = parameters.text("payment_intent"), parameters.text("charge")
    if (intent_id is None) == (charge_id is None):
        raise invalid_request(
            "One of the following params should be provided for this request: payment_intent or"
            " charge.",
            code="parameter_missing",
            param="payment_intent",
        )
    if intent_id is not None:
        intent = await account.find("payment_intent", intent_id, param="payment_intent")
        if intent["status"] != "succeeded":
            raise state_refused(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
                param="payment_intent",
            )
        charge_id = intent["latest_charge"]
    return await account.find("charge", charge_id or "", param="charge", lock=True)


async def _disputed_cents(account: Account, charge: Json) -> int:
    """Return what disputes took of the charge: all that was left, as they open and as they end."""
    disputes = await disputes_of(account, charge["payment_intent"])
    return sum(withdrawn_cents(dispute) for dispute in disputes)


def _checked_amount(charge: Json, asked: int | None, disputed: int) -> int:
    left = charge["amount_captured"] - charge["amount_refunded"] - disputed
    if left == 0 and disputed:
        raise state_refused(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if left == 0:
        raise state_refused(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if asked is not None and asked > left:
        raise state_refused(
            f"Refund amount (${asked / 100:.2f}) is greater than unrefunded amount on charge"
            f" (${left / 100:.2f})",
            param="amount",
        )
    return left if asked is None else asked


def _new_refund(account: Account, charge: Json, amount: int, reaction: RefundReaction) -> Json:
    pends = reaction is RefundReaction.PENDS
    return {
        "id": new_id(KIND),
        "object": KIND,
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": account.created,
        "currency": charge["currency"],
        "payment_intent": charge["payment_intent"],
        "pending_reason": "processing" if pends else None,
        "receipt_number": None,
        "status": "pending" if pends else "succeeded",
    }


async def _take_back(account: Account, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    await account.save(charge)
