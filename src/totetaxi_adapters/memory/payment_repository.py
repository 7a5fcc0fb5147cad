"""The port to payments and their attempts."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.payments.payment import AttemptState, Payment, PaymentAttempt
from totetaxi_core.payments.repositories import LiveAttemptExistsError


class MemoryPaymentRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.payments, transaction)
        self._attempts = View(database.attempts, transaction)

    async def add(self, payment: Payment) -> None:
        await self._transaction.lock("payment", payment.id)
        self._rows.insert(payment.id, payment)

    async def save(self, payment: Payment) -> None:
        await self._transaction.lock("payment", payment.id)
        self._rows.require_only(payment.id, index="charge", value=payment.stripe_charge_id)
        self._rows.update(payment.id, payment)

    async def of_booking(self, booking_id: UUID, *, lock: bool = False) -> tuple[Payment, ...]:
        """Return the booking's payments, oldest first; `lock` keeps other writers out."""
        if lock:
            for payment in sorted(self._rows.where("booking", booking_id), key=_age):
                await self._transaction.lock("payment", payment.id)
        return tuple(sorted(self._rows.where("booking", booking_id), key=_age))

    async def add_attempt(self, attempt: PaymentAttempt) -> None:
        """Store a new attempt.

        Raises:
            LiveAttemptExistsError: it is live and the booking has a live one.
        """
        await self._claim(attempt)
        self._attempts.insert(attempt.id, attempt)

    async def save_attempt(self, attempt: PaymentAttempt) -> None:
        await self._claim(attempt)
        self._attempts.require_only(attempt.id, index="intent", value=attempt.intent_id)
        self._attempts.require_only(attempt.id, index="session", value=attempt.session_id)
        self._attempts.update(attempt.id, attempt)

    async def attempts(self, booking_id: UUID) -> tuple[PaymentAttempt, ...]:
        """Return every attempt for the booking, oldest first."""
        return tuple(sorted(self._attempts.where("booking", booking_id), key=_attempt_age))

    async def attempt_of_intent(self, intent_id: str) -> PaymentAttempt | None:
        return next(iter(self._attempts.where("intent", intent_id)), None)

    async def attempts_to_check(
        self, *, checked_before: datetime, limit: int
    ) -> tuple[PaymentAttempt, ...]:
        """Return live attempts made and last checked before an instant, longest unchecked first."""
        live = self._attempts.where("state", AttemptState.LIVE)
        old = [attempt for attempt in live if _last_seen(attempt)[0] < checked_before]
        return tuple(sorted(old, key=_last_seen)[:limit])

    async def _claim(self, attempt: PaymentAttempt) -> None:
        """Lock the attempt and, if it is live, the booking's one place for a live attempt."""
        await self._transaction.lock("attempt", attempt.id)
        if attempt.state is not AttemptState.LIVE:
            return
        await self._transaction.lock("live attempt", attempt.booking_id)
        for other in self._attempts.where("booking", attempt.booking_id):
            if other.state is AttemptState.LIVE and other.id != attempt.id:
                self._transaction.doom()
                raise LiveAttemptExistsError(f"booking {attempt.booking_id} is being paid")


def _age(payment: Payment) -> tuple[datetime, UUID]:
    return payment.created_at, payment.id


def _attempt_age(attempt: PaymentAttempt) -> tuple[datetime, UUID]:
    return attempt.created_at, attempt.id


def _last_seen(attempt: PaymentAttempt) -> tuple[datetime, UUID]:
    """Return when it was last checked; one that never was counts from when it was made."""
    return attempt.checked_at or attempt.created_at, attempt.id
