"""What is written about a person, wherever it is, to be forgotten."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Delete,
    Text,
    Update,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from totetaxi_adapters.postgres.tables import (
    booking_notes,
    courier_tasks,
    documents,
    idempotency_records,
    messages,
    password_resets,
    payment_methods,
    rate_limits,
    refused_addresses,
    registrations,
    saved_addresses,
    sessions,
    staff_acts,
)
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.traces import Person

CUSTOMER = bindparam("of_customer", type_=Uuid)
EMAIL = bindparam("of_email", type_=Text)
BOOKINGS = bindparam("of_bookings", type_=ARRAY(Uuid))


def _theirs(booking_id: ColumnElement[object]) -> ColumnElement[bool]:
    return booking_id == any_(BOOKINGS)


FORGET: Final[tuple[Delete | Update, ...]] = (
    delete(saved_addresses).where(saved_addresses.c.customer_id == CUSTOMER),
    delete(payment_methods).where(payment_methods.c.customer_id == CUSTOMER),
    delete(password_resets).where(password_resets.c.customer_id == CUSTOMER),
    delete(registrations).where(func.lower(registrations.c.email) == EMAIL),
    delete(sessions).where(sessions.c.account_id == CUSTOMER),
    delete(messages).where(or_(func.lower(messages.c.to) == EMAIL, _theirs(messages.c.booking_id))),
    delete(refused_addresses).where(
        or_(refused_addresses.c.address == EMAIL, _theirs(refused_addresses.c.booking_id))
    ),
    delete(documents).where(_theirs(documents.c.booking_id)),
    update(courier_tasks)
    .where(_theirs(courier_tasks.c.booking_id))
    .values(
        tracking_url="",
        failure_reason="",
        driver_notes="",
        refusal="",
        photo_ids=[],
        signature_id=None,
        look_again_at=None,
    ),
    delete(booking_notes).where(_theirs(booking_notes.c.booking_id)),
    delete(idempotency_records).where(_theirs(idempotency_records.c.booking_id)),
    # A key ends with the account it counts: `login:account:customer:ada@example.com`.
    delete(rate_limits).where(
        func.right(rate_limits.c.key, func.length(EMAIL) + 1) == func.concat(":", EMAIL)
    ),
)
ACTS = (
    select(staff_acts.c.position)
    .where(
        or_(staff_acts.c.customer_id == CUSTOMER, _theirs(staff_acts.c.booking_id)),
        staff_acts.c.salt.is_not(None),
    )
    .order_by(staff_acts.c.position)
)


class PostgresTraces:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def forget(self, person: Person) -> None:
        for statement in FORGET:
            await self._transaction.execute(statement, _parameters(person))

    async def acts_about(self, person: Person) -> tuple[int, ...]:
        found = await self._transaction.execute(ACTS, _parameters(person))
        return tuple(found.scalars())


def _parameters(person: Person) -> dict[str, object]:
    return {
        "of_customer": person.customer_id,
        "of_email": person.email_key,
        "of_bookings": sorted(person.booking_ids),
    }
