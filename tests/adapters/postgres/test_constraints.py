"""Each promise the tables keep, by the name of the constraint that keeps it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.adapters.postgres.server_view import fetch
from tests.builders import (
    NOW,
    a_booking,
    a_dispute,
    a_payment,
    a_refund,
    an_attempt,
    an_effect,
    an_id,
)
from tests.conftest import PostgresUowFactory
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import BookingNumberTakenError
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.price_book import PriceBook
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedules import StoredSchedule

BROKEN_BOOKINGS: list[tuple[str, Mapping[str, object]]] = [
    ("ck_bookings_status", {"status": "lost", "hold_expires_at": None}),
    ("ck_bookings_service_type", {"service_type": "teleport"}),
    ("ck_bookings_pickup_time", {"pickup_time": time(20)}),
    ("ck_bookings_pickup_time", {"crew_day_ends_at": time(9)}),
    ("ck_bookings_estimated_hours", {"estimated_hours": 0}),
    ("ck_bookings_total_cents", {"total_cents": -1}),
    ("ck_bookings_hold_expires_at", {"hold_expires_at": None}),
    ("ck_bookings_hold_expires_at", {"status": "confirmed"}),
    ("ck_bookings_cancelled_at", {"status": "cancelled", "hold_expires_at": None}),
    ("ck_bookings_why_cancelled", {"cancellation_reason": "staff"}),
    (
        "ck_bookings_cancellation_reason",
        {
            "status": "cancelled",
            "hold_expires_at": None,
            "cancelled_at": NOW,
            "cancellation_reason": "weather",
        },
    ),
    ("ck_bookings_version", {"version": 0}),
]
BROKEN_ROWS: list[tuple[str, str, Mapping[str, object]]] = [
    ("ck_quote_lines_kind", "quote_lines", {"kind": "tip"}),
    ("ck_quote_lines_quantity", "quote_lines", {"quantity": 0}),
    ("ck_payments_amount_cents", "payments", {"amount_cents": -1}),
    ("ck_payments_status", "payments", {"status": "lost"}),
    ("ck_payments_purpose", "payments", {"purpose": "tip"}),
    ("ck_payment_attempts_state", "payment_attempts", {"state": "lost"}),
    (
        "ck_payment_attempts_stripe_customer_id",
        "payment_attempts",
        {"kind": "checkout", "expires_at": NOW, "stripe_customer_id": "cus_1"},
    ),
    ("ck_payment_attempts_number", "payment_attempts", {"number": 0}),
    ("ck_payment_attempts_kind", "payment_attempts", {"kind": "cash", "expires_at": None}),
    ("ck_payment_attempts_session_id", "payment_attempts", {"session_id": "cs_1"}),
    ("ck_payment_attempts_expires_at", "payment_attempts", {"expires_at": NOW}),
    ("ck_payment_attempts_expires_at", "payment_attempts", {"kind": "checkout"}),
    ("ck_refunds_amount_cents", "refunds", {"amount_cents": 0}),
    ("ck_refunds_status", "refunds", {"status": "lost"}),
    ("ck_disputes_amount_cents", "disputes", {"amount_cents": 0}),
    ("ck_disputes_withdrawn_cents", "disputes", {"withdrawn_cents": -1}),
    ("ck_disputes_withdrawn_cents", "disputes", {"withdrawn_cents": 1_000_000}),
    ("ck_disputes_status", "disputes", {"status": "warning"}),
    ("ck_owed_effects_state", "owed_effects", {"state": "lost"}),
    ("ck_owed_effects_attempts", "owed_effects", {"attempts": -1}),
    ("ck_owed_effects_done_at", "owed_effects", {"state": "done"}),
    ("ck_crew_half_hours_taken", "crew_half_hours", {"taken": -1}),
    ("ck_crew_half_hours_taken", "crew_half_hours", {"taken": 4}),
    ("ck_crew_half_hours_half_hour", "crew_half_hours", {"half_hour": 48}),
    ("ck_crew_dates_crews", "crew_dates", {"crews": -1}),
    ("fk_crew_half_hours_on_date_crews", "crew_half_hours", {"crews": 9}),
]


async def store_everything(uow_factory: PostgresUowFactory) -> tuple[Booking, Payment]:
    booking = a_booking()
    payment = a_payment(booking)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.payments.add_attempt(an_attempt(payment))
        await uow.refunds.add(a_refund(payment))
        await uow.disputes.add(a_dispute(payment, withdrawn_cents=0))
        await uow.crews.take(booking.quote.request.pickup_date, range(18, 22), crews=3)
        await uow.outbox.owe(an_effect())
        await uow.commit()
    return booking, payment


def broken_by(database_url: str, table: str, values: Mapping[str, object]) -> str | None:
    """Return the name of the constraint that refuses these values in every row of a table."""
    pairs = (
        SQL("{} = {}").format(Identifier(name), Literal(value)) for name, value in values.items()
    )
    statement = SQL("UPDATE {} SET {}").format(Identifier(table), SQL(", ").join(pairs))
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.IntegrityError) as info:
        connection.execute(statement)
    return info.value.diag.constraint_name


@pytest.mark.parametrize(("constraint", "values"), BROKEN_BOOKINGS)
async def test_given_a_booking_when_a_rule_would_break_then_its_constraint_refuses(
    uow_factory: PostgresUowFactory,
    database_url: str,
    constraint: str,
    values: Mapping[str, object],
) -> None:
    await store_everything(uow_factory)

    broken = broken_by(database_url, "bookings", values)

    assert broken == constraint


async def test_given_stored_rows_when_a_rule_would_break_then_its_constraint_refuses(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await store_everything(uow_factory)

    broken = [broken_by(database_url, table, values) for _, table, values in BROKEN_ROWS]

    assert broken == [constraint for constraint, _, _ in BROKEN_ROWS]


async def test_given_a_booking_number_when_it_is_drawn_again_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking, _ = await store_everything(uow_factory)
    same = replace(a_booking(), booking_number=booking.booking_number)

    async with uow_factory() as uow:
        with pytest.raises(BookingNumberTakenError):
            await uow.bookings.add(same)

    assert fetch(database_url, "SELECT id FROM bookings") == [(booking.id,)]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("payment_attempts", "intent_id"),
        ("refunds", "stripe_refund_id"),
        ("disputes", "stripe_dispute_id"),
        ("payments", "stripe_charge_id"),
    ],
)
async def test_given_a_providers_id_when_another_row_claims_it_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, table: str, column: str
) -> None:
    await store_everything(uow_factory)
    await store_everything(uow_factory)

    broken = broken_by(database_url, table, {column: "pi_1"})

    assert broken == f"uq_{table}_{column}"


async def test_given_a_session_when_another_attempt_claims_it_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await store_everything(uow_factory)
    await store_everything(uow_factory)
    page = {"session_id": "cs_1", "kind": "checkout", "expires_at": NOW}

    broken = broken_by(database_url, "payment_attempts", page)

    assert broken == "uq_payment_attempts_session_id"


@pytest.mark.parametrize("table", ["payment_attempts", "refunds", "disputes"])
async def test_given_another_booking_when_money_is_moved_to_it_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, table: str
) -> None:
    await store_everything(uow_factory)
    other = a_booking()
    async with uow_factory() as uow:
        await uow.bookings.add(other)
        await uow.commit()

    broken = broken_by(database_url, table, {"booking_id": other.id})

    assert broken == f"fk_{table}_booking_id_payment_id"


async def test_given_a_date_with_crews_taken_when_crews_are_lowered_then_not_below_them(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await store_everything(uow_factory)

    broken = broken_by(database_url, "crew_dates", {"crews": 0})
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE crew_dates SET crews = 1")

    assert broken == "ck_crew_half_hours_taken"
    assert fetch(database_url, "SELECT DISTINCT crews FROM crew_half_hours") == [(1,)]


async def test_given_a_full_half_hour_when_the_update_is_forced_then_the_check_refuses(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking, _ = await store_everything(uow_factory)
    on = booking.quote.request.pickup_date
    async with uow_factory() as uow:
        await uow.crews.take(on, range(18, 22), crews=3)
        await uow.crews.take(on, range(18, 22), crews=3)
        with pytest.raises(SlotUnavailableError):
            await uow.crews.take(on, range(18, 22), crews=3)
        await uow.commit()

    broken = broken_by(database_url, "crew_half_hours", {"taken": 4})

    assert broken == "ck_crew_half_hours_taken"
    assert fetch(database_url, "SELECT DISTINCT taken FROM crew_half_hours") == [(3,)]


async def test_given_a_refunded_payment_when_a_refund_would_exceed_it_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    _, payment = await store_everything(uow_factory)

    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE disputes SET status = 'won'")
        connection.execute("UPDATE refunds SET amount_cents = amount_cents - 100")
    async with uow_factory() as uow:
        await uow.refunds.add(a_refund(payment, amount_cents=100))
        await uow.commit()
    async with uow_factory() as uow:
        with pytest.raises(RefundExceedsPaymentError) as info:
            await uow.refunds.add(a_refund(payment, amount_cents=1))

    assert info.value.__cause__ is not None
    assert constraint_of(info.value.__cause__) == "refunds_within_payment"
    assert fetch(database_url, "SELECT sum(amount_cents) FROM refunds") == [(payment.amount_cents,)]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE schedules SET reason = ''", "DELETE FROM schedules", "TRUNCATE schedules"],
)
async def test_given_a_schedule_when_changed_in_place_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, statement: str
) -> None:
    stored = StoredSchedule(version=1, schedule=Schedule(), changed_by="ada", changed_at=NOW)
    async with uow_factory() as uow:
        await uow.schedules.add(stored)
        await uow.commit()

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
        connection.execute(statement.encode())

    assert info.value.diag.constraint_name == "schedules_immutable"
    assert fetch(database_url, "SELECT version FROM schedules") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE price_books SET digest = ''",
        "DELETE FROM price_books",
        "TRUNCATE price_books, price_book_withdrawals",
        "UPDATE price_book_withdrawals SET reason = ''",
        "DELETE FROM price_book_withdrawals",
    ],
)
async def test_given_a_published_price_book_when_changed_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, statement: str
) -> None:
    async with uow_factory() as uow:
        await uow.price_books.publish(
            PriceBook.default(), based_on=0, by="ada", effective_at=NOW, at=NOW
        )
        await uow.commit()

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
        connection.execute(statement.encode())

    assert info.value.diag.constraint_name == "price_books_immutable"
    assert fetch(database_url, "SELECT version FROM price_books") == [(1,)]


async def test_given_an_idempotency_record_without_its_booking_when_committed_then_it_is_refused(
    database_url: str,
) -> None:
    record = {"scope": "s", "key": "k", "body_hash": "h", "booking_id": an_id(), "created_at": NOW}
    columns = SQL(", ").join(Identifier(name) for name in record)
    values = SQL(", ").join(Literal(value) for value in record.values())
    statement = SQL("INSERT INTO idempotency_records ({}) VALUES ({})").format(columns, values)

    with psycopg.connect(database_url) as connection:
        connection.execute(statement)
        with pytest.raises(psycopg.IntegrityError) as info:
            connection.commit()

    assert info.value.diag.constraint_name == "fk_idempotency_records_booking_id"


async def test_given_a_soft_deleted_booking_when_looked_for_then_it_is_gone_and_its_row_stays(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking, _ = await store_everything(uow_factory)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE bookings SET deleted_at = %s", (NOW + timedelta(days=1),))

    async with uow_factory() as uow:
        page = await uow.bookings.page(status=None, after=None, limit=10)
        standing = await uow.bookings.with_cart(booking.cart_key)
        lapsed = await uow.bookings.lapsed(at=NOW + timedelta(days=2), limit=10)

    assert (page, standing, lapsed) == ((), None, ())
    assert fetch(database_url, "SELECT count(*) FROM bookings") == [(1,)]


def constraint_of(error: BaseException) -> str | None:
    """Return the name of the constraint in the driver's error below SQLAlchemy's."""
    original = getattr(error, "orig", None)
    return original.diag.constraint_name if isinstance(original, psycopg.Error) else None
