"""Stripe: banks that take their time, its dashboard, its events, and its silence."""

from typing import Final

from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.world import World
from totetaxi_core.payments.gateway import IntentOrder, IntentStatus, RefundState
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.ports import Ports

STRAYS_FROM: Final = 900  # attempt numbers that none of our own attempts reaches


async def deliver(world: World, ports: Ports, decision: Decision) -> str:
    """Bring one event that is due; one that is not answered is sent again."""
    delivery = world.mailbox.take(at=world.clock(), draw=decision.draws[0])
    if delivery is None:
        return NOTHING
    is_taken = False
    try:
        is_new = await take_event(delivery.event, ports)
        is_taken = True
    finally:
        if not is_taken:
            world.mailbox.give_back(delivery, at=world.clock())
    return f"{delivery.event.kind}{'' if is_new else ', known already'}"


async def decide(world: World, _ports: Ports, decision: Decision) -> str:
    """Let a bank end its processing of a payment."""
    intent_draw, answer_draw, _ = decision.draws
    intent = world.an_intent(
        intent_draw, lambda each: each.status is IntentStatus.PROCESSING, of_payers=False
    )
    if intent is None:
        return NOTHING
    decided = world.stripe.decide(intent.id, approve=answer_draw % 4 != 0)
    return f"the payment of {world.label(intent.booking_id)}: {decided.status}"


async def settle_refund(world: World, _ports: Ports, decision: Decision) -> str:
    """Let a bank take a refund or, days after it was made, send it back."""
    refund_draw, answer_draw, _ = decision.draws
    open_ones = [each for each in world.stripe.refunds() if each.state is RefundState.PENDING]
    made = [each for each in world.stripe.refunds() if each.state is RefundState.SUCCEEDED]
    if open_ones:
        settled = world.stripe.settle_refund(
            nth(refund_draw, open_ones).id, succeeds=answer_draw % 3 != 0
        )
    elif made and answer_draw % 5 == 0:
        settled = world.stripe.settle_refund(nth(refund_draw, made).id, succeeds=False)
    else:
        return NOTHING
    return f"a refund of {settled.amount_cents} cents: {settled.state}"


async def refund_by_hand(world: World, _ports: Ports, decision: Decision) -> str:
    """Send money back from the dashboard, without our marks."""
    intent_draw, amount_draw, _ = decision.draws
    intent = world.an_intent(
        intent_draw, lambda each: each.status is IntentStatus.SUCCEEDED, of_payers=False
    )
    if intent is None:
        return NOTHING
    parts = (intent.amount_cents, intent.amount_cents // 2, 1)
    refund = world.stripe.refund_by_hand(intent.id, nth(amount_draw, parts))
    return f"{refund.amount_cents} cents of {world.label(intent.booking_id)} by hand"


async def forget_by_hand(world: World, _ports: Ports, decision: Decision) -> str:
    """Remove a saved card at the dashboard, or with every fifth draw a whole customer."""
    customer_draw, card_draw, whole_draw = decision.draws
    wallet = world.stripe.account.wallet
    customers = tuple(wallet.customers())
    cards = [card for each in customers for card in wallet.of_customer(each)]
    if customers and whole_draw % 5 == 0:
        wallet.delete_customer(nth(customer_draw, customers))
        return "a customer"
    if not cards:
        return NOTHING
    wallet.detach(nth(card_draw, cards).id)
    return "a saved card"


async def charge_unheard_of(world: World, ports: Ports, decision: Decision) -> str:
    """Make an intent that none of our rows has: two processes at odds, a backup restored."""
    booking = world.a_booking(decision.draws[0])
    if booking is None or not booking.total_cents:
        return NOTHING
    async with ports.unit_of_work() as uow:
        payments = await uow.payments.of_booking(booking.id)
    order = IntentOrder(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        payment_id=payments[0].id,
        attempt=STRAYS_FROM + decision.number,
        amount_cents=booking.total_cents,
        receipt_email="ada@example.com",
    )
    intent = await world.stripe.create_intent(order)
    world.strays.add(intent.id)
    world.hand_out(intent, booking.id)
    return f"another intent for {world.label(booking.id)}"


async def open_dispute(world: World, _ports: Ports, decision: Decision) -> str:
    """Let a payer dispute a charge at their bank, which takes the money or only asks."""
    intent_draw, amount_draw, kind_draw = decision.draws
    intent = world.an_intent(
        intent_draw, lambda each: each.status is IntentStatus.SUCCEEDED, of_payers=False
    )
    if intent is None:
        return NOTHING
    cents = nth(amount_draw, (None, intent.amount_cents // 2))
    try:
        dispute = world.disputes.open_dispute(intent.id, cents, inquiry=kind_draw % 4 == 0)
    except ValueError:
        return NOTHING
    return f"{dispute.amount_cents} cents of {world.label(intent.booking_id)}: {dispute.state}"


async def close_dispute(world: World, _ports: Ports, decision: Decision) -> str:
    """Let a bank give its verdict, or turn one it gave."""
    dispute_draw, verdict_draw, _ = decision.draws
    disputes = world.disputes.disputes()
    if not disputes:
        return NOTHING
    try:
        closed = world.disputes.close_dispute(
            nth(dispute_draw, disputes).id, won=verdict_draw % 2 == 0
        )
    except ValueError:
        return NOTHING
    return f"a dispute of {closed.amount_cents} cents: {closed.state}"


async def fall_silent(world: World, _ports: Ports, decision: Decision) -> str:
    """Answer nobody until further notice; a silence that comes too late for one is none."""
    if world.faults.is_healed:
        return NOTHING
    outage = nth(decision.draws[0], tuple(Outage))
    world.stripe.outages.last(outage)
    return f"does not answer; calls {'act' if outage is Outage.AFTER_ACTING else 'do not act'}"


async def answer_again(world: World, _ports: Ports, _decision: Decision) -> str:
    world.stripe.outages.end()
    return "answers"


OUTSIDE: Final = Process.OUTSIDE
ACTIONS: Final = (
    Action(name="Stripe sends an event", act=deliver, weight=16, process=Process.SERVER),
    Action(name="bank decides", act=decide, weight=4, process=OUTSIDE),
    Action(name="bank settles a refund", act=settle_refund, weight=4, process=OUTSIDE),
    Action(name="Stripe's dashboard refunds", act=refund_by_hand, weight=1.5, process=OUTSIDE),
    Action(name="Stripe's dashboard forgets", act=forget_by_hand, weight=0.5, process=OUTSIDE),
    Action(name="payer disputes a charge", act=open_dispute, weight=1, process=OUTSIDE),
    Action(name="bank decides a dispute", act=close_dispute, weight=2, process=OUTSIDE),
    Action(name="Stripe has one more intent", act=charge_unheard_of, weight=1, process=OUTSIDE),
    Action(name="Stripe falls silent", act=fall_silent, weight=0.4, process=OUTSIDE),
    Action(name="Stripe answers again", act=answer_again, weight=2, process=OUTSIDE, is_vital=True),
)
