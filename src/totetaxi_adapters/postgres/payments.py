"""Payments and their attempts."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from totetaxi_adapters.postgres.tables import payment_attempts, payments
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)

OF_BOOKING = bindparam("booking_id", type_=Uuid)
INSERT = insert(payments)
UPDATE = (
    update(payments)
    .where(payments.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in payments.c})
)
GET = (
    select(payments)
    .where(payments.c.booking_id == OF_BOOKING)
    .order_by(payments.c.created_at, payments.c.id)
)
LOCK = GET.with_for_update()
INSERT_ATTEMPT = insert(payment_attempts)
UPDATE_ATTEMPT = (
    update(payment_attempts)
    .where(payment_attempts.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in payment_attempts.c})
)
ATTEMPTS = (
    select(payment_attempts)
    .where(payment_attempts.c.booking_id == OF_BOOKING)
    .order_by(payment_attempts.c.created_at, payment_attempts.c.number, payment_attempts.c.id)
)
ATTEMPT_OF_INTENT = select(payment_attempts).where(
    payment_attempts.c.intent_id == bindparam("intent_id", type_=Text)
)
UNCHECKED_SINCE = func.coalesce(payment_attempts.c.checked_at, payment_attempts.c.created_at)
CHECKED_BEFORE = bindparam("checked_before", type_=INSTANT)
TO_CHECK = (
    select(payment_attempts)
    .where(
        # Written out, as the index's condition is.
        literal_column("payment_attempts.state = 'live'"),
        payment_attempts.c.created_at < CHECKED_BEFORE,
        UNCHECKED_SINCE < CHECKED_BEFORE,
    )
    .order_by(UNCHECKED_SINCE, payment_attempts.c.id)
    .limit(bindparam("limit", type_=Integer))
)


class PostgresPaymentRepository:
    """Every payment and its attempts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, payment: Payment) -> None:
        await self._transaction.execute(INSERT, _payment_row(payment))

    async def save(self, payment: Payment) -> None:
        await self._transaction.execute(UPDATE, _payment_row(payment) | {"of_id": payment.id})

    async def of_booking(self, booking_id: UUID, *, lock: bool = False) -> tuple[Payment, ...]:
        query = LOCK if lock else GET
        rows = await self._transaction.execute(query, {"booking_id": booking_id})
        return tuple(payment_from_row(row) for row in rows.mappings())

    async def add_attempt(self, attempt: PaymentAttempt) -> None:
        await self._transaction.execute(INSERT_ATTEMPT, _attempt_row(attempt))

    async def save_attempt(self, attempt: PaymentAttempt) -> None:
        row = _attempt_row(attempt) | {"of_id": attempt.id}
        await self._transaction.execute(UPDATE_ATTEMPT, row)

    async def attempts(self, booking_id: UUID) -> tuple[PaymentAttempt, ...]:
        rows = await self._transaction.execute(ATTEMPTS, {"booking_id": booking_id})
        return tuple(attempt_from_row(row) for row in rows.mappings())

    async def attempt_of_intent(self, intent_id: str) -> PaymentAttempt | None:
        rows = await self._transaction.execute(ATTEMPT_OF_INTENT, {"intent_id": intent_id})
        row = rows.mappings().one_or_none()
        return None if row is None else attempt_from_row(row)

    async def attempts_to_check(
        self, *, checked_before: datetime, limit: int
    ) -> tuple[PaymentAttempt, ...]:
        parameters = {"checked_before": checked_before, "limit": limit}
        rows = await self._transaction.execute(TO_CHECK, parameters)
        return tuple(attempt_from_row(row) for row in rows.mappings())


# A payment's and an attempt's columns are their fields, by name.
PAYMENT_FIELDS = tuple(field.name for field in fields(Payment))
ATTEMPT_FIELDS = tuple(field.name for field in fields(PaymentAttempt))


def _payment_row(payment: Payment) -> dict[str, object]:
    return {name: getattr(payment, name) for name in PAYMENT_FIELDS}


def payment_from_row(row: RowMapping | Mapping[str, Any]) -> Payment:
    return Payment(
        **{
            **row,
            "purpose": PaymentPurpose(row["purpose"]),
            "status": PaymentStatus(row["status"]),
        }
    )


def _attempt_row(attempt: PaymentAttempt) -> dict[str, object]:
    return {name: getattr(attempt, name) for name in ATTEMPT_FIELDS}


def attempt_from_row(row: RowMapping) -> PaymentAttempt:
    return PaymentAttempt(
        **{**row, "state": AttemptState(row["state"]), "kind": AttemptKind(row["kind"])}
    )
