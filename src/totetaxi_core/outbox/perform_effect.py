"""Do what we owe: take the effect up, do it, write down how it went."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.customers.follow_cards import follow_cards
from totetaxi_core.documents.file_type import UnsupportedFileTypeError
from totetaxi_core.documents.keep_document import FileTooLargeError
from totetaxi_core.logistics.cancel_tasks import cancel_tasks
from totetaxi_core.logistics.courier_gateway import CourierRefusedError
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.keep_proof import ProofGoneError, keep_proof
from totetaxi_core.logistics.move_tasks import move_tasks
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.notifications.deliver_message import deliver_message
from totetaxi_core.notifications.keep_message import keep_message
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.payments.checkout import SessionNotFoundError
from totetaxi_core.payments.close_spare import close_spare
from totetaxi_core.payments.dispute_gateway import DisputeNotFoundError
from totetaxi_core.payments.follow_dispute import follow_dispute
from totetaxi_core.payments.gateway import IntentNotFoundError
from totetaxi_core.payments.refund import RefundNotFoundError
from totetaxi_core.payments.send_refund import follow_refund, send_refund
from totetaxi_core.payments.settle_session import settle_session
from totetaxi_core.payments.settle_told import NEW, settle_told
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError

LEASE = timedelta(seconds=90)  # longer than the calls to a provider that one effect makes
HOPELESS = (
    BookingNotFoundError,
    IntentNotFoundError,
    SessionNotFoundError,
    RefundNotFoundError,
    DisputeNotFoundError,
    CourierRefusedError,
    ProofGoneError,
    FileTooLargeError,
    UnsupportedFileTypeError,
)


async def perform_effect(effect_id: UUID, ports: Ports, terms: Terms) -> EffectState | None:
    """Do one owed effect; None when it is gone, done, resting or somebody else is at it.

    A refusal is written down and the effect is due again later; one that no retry can mend leaves
    it failed, for a person. Any other error is written down too, then raised for the log. A process
    that dies in between leaves a lease that runs out.
    """
    effect = await _lease(effect_id, ports)
    if effect is None:
        return None
    try:
        await HANDLERS[effect.kind](effect, ports, terms)
    except HOPELESS as error:
        moved = effect.fail(f"{error.code}: {error}")
    except DomainError as error:
        moved = effect.retry(f"{error.code}: {error}", at=ports.clock())
    except Exception as error:
        await _save(effect.retry(type(error).__name__, at=ports.clock()), ports)
        raise
    else:
        moved = effect.done(at=ports.clock())
    await _save(moved, ports)
    return moved.state


async def _lease(effect_id: UUID, ports: Ports) -> OwedEffect | None:
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        effect = await uow.outbox.get(effect_id, lock=True)
        leased = effect.lease(at=now, until=now + LEASE) if effect else None
        if leased is not None:
            await uow.outbox.save(leased)
            await uow.commit()
        return leased


async def _save(effect: OwedEffect, ports: Ports) -> None:
    """Write down how it went, unless our lease ran out and somebody else took it up since."""
    async with ports.unit_of_work() as uow:
        present = await uow.outbox.get(effect.id)
        if present is not None and present.attempts == effect.attempts:
            await uow.outbox.save(effect)
            await uow.commit()


async def _settle(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    intent_id, is_new = effect.payload["intent_id"], NEW in effect.payload
    await settle_told(intent_id, ports, terms, is_new=is_new)


async def _settle_session(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    await settle_session(effect.payload["session_id"], ports, terms)


async def _send_refund(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await send_refund(UUID(effect.payload["refund_id"]), ports)


async def _follow_refund(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await follow_refund(effect.payload["provider_refund_id"], ports)


async def _follow_dispute(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await follow_dispute(effect.payload["provider_dispute_id"], ports)


async def _close_spare(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    booking_id, attempt_id = (UUID(effect.payload[name]) for name in ("booking_id", "attempt_id"))
    await close_spare(booking_id, attempt_id, ports, terms)


async def _detach_card(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await ports.cards.detach(effect.payload["stripe_payment_method_id"])


async def _follow_cards(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await follow_cards(effect.payload["stripe_customer_id"], ports)


async def _forget_customer(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await ports.cards.delete_customer(effect.payload["stripe_customer_id"])


async def _remove_file(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    await ports.files.delete(effect.payload["storage_key"])


async def _create_tasks(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    await create_tasks(UUID(effect.payload["booking_id"]), ports, terms, replaces_deleted=False)


async def _cancel_tasks(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    await cancel_tasks(UUID(effect.payload["booking_id"]), ports, terms)


async def _move_tasks(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    await move_tasks(UUID(effect.payload["booking_id"]), ports, terms)


async def _sync_task(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    await sync_task(UUID(effect.payload["courier_task_id"]), ports, terms)


async def _keep_proof(effect: OwedEffect, ports: Ports, _terms: Terms) -> None:
    task_id, upload_id = UUID(effect.payload["courier_task_id"]), effect.payload["upload_id"]
    await keep_proof(task_id, upload_id, ports, owed_at=effect.created_at)


HANDLERS: dict[EffectKind, Callable[[OwedEffect, Ports, Terms], Awaitable[None]]] = {
    EffectKind.SEND_MESSAGE: keep_message,
    EffectKind.SEND_REFUND: _send_refund,
    EffectKind.FOLLOW_REFUND: _follow_refund,
    EffectKind.FOLLOW_DISPUTE: _follow_dispute,
    EffectKind.SETTLE_INTENT: _settle,
    EffectKind.CLOSE_ATTEMPT: _close_spare,
    EffectKind.SETTLE_SESSION: _settle_session,
    EffectKind.DETACH_CARD: _detach_card,
    EffectKind.FOLLOW_CARDS: _follow_cards,
    EffectKind.FORGET_CUSTOMER: _forget_customer,
    EffectKind.CREATE_COURIER_TASKS: _create_tasks,
    EffectKind.CANCEL_COURIER_TASKS: _cancel_tasks,
    EffectKind.RESCHEDULE_COURIER_TASKS: _move_tasks,
    EffectKind.SYNC_COURIER_TASK: _sync_task,
    EffectKind.KEEP_PROOF: _keep_proof,
    EffectKind.DELIVER_MESSAGE: deliver_message,
    EffectKind.REMOVE_FILE: _remove_file,
}
