"""Lists stay flat as the tables grow: each finds its rows by an index, in the index's order."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import ClauseElement, make_url, tuple_

from tests.builders import NOW, PICKUP_DATE, an_id
from totetaxi_adapters.postgres import (
    booking_desk,
    bookings,
    crews,
    customer_notes,
    customer_totals,
    dashboard_desk,
    discount_uses,
    dispatch_desk,
    documents,
    ledger,
    messages,
    outbox,
    payment_list,
    payments,
    reconciliation,
    refund_list,
    refunds,
    refused_addresses,
    staff_accounts,
    staff_acts,
)
from totetaxi_adapters.postgres.courier_tasks import NOT_DELETED
from totetaxi_adapters.postgres.tables import bookings as table
from totetaxi_adapters.postgres.tables import refunds as refund_table
from totetaxi_core.bookings.find_bookings import SearchKind

DIALECT = make_url("postgresql+psycopg://").get_dialect()()
PAGE = {"limit": 20}
AFTER = bookings.PAGE.where(tuple_(table.c.created_at, table.c.id) < (NOW, an_id()))
OLDER_REFUNDS = refunds.PAGE.where(
    tuple_(refund_table.c.created_at, refund_table.c.id) < (NOW, an_id())
)
OLDER_AT_DESK = booking_desk.NEWEST_FIRST.where(booking_desk.PLACE < booking_desk.AT)
NEWER_AT_DESK = booking_desk.OLDEST_FIRST.where(booking_desk.PLACE > booking_desk.AT)
PLACE: dict[str, object] = {"place_at": NOW, "place_id": an_id(), **PAGE}
SEARCH: dict[str, object] = {"prefix": "ada", "beyond": "adb", **PAGE}
OF_CUSTOMER: dict[str, object] = {"of_customer": an_id()}
NOTED: dict[str, object] = {**OF_CUSTOMER, **PLACE}
DAYS: dict[str, object] = {"first_on": PICKUP_DATE, "last_on": PICKUP_DATE}
KEYS = {"begin": NOW, "until": NOW, "after_at": NOW, "after_id": an_id()}
OF_PAGE: dict[str, object] = {"ids": [an_id(), an_id()]}
SWEEP = {"now": NOW, "lost_since": NOW - timedelta(seconds=30), "limit": 100}
PLANS: list[tuple[str, ClauseElement, dict[str, object]]] = [
    ("ix_bookings_created_at_id", AFTER, {**PAGE}),
    (
        "ix_bookings_status_created_at_id",
        AFTER.where(table.c.status == "pending"),
        {**PAGE},
    ),
    ("ix_bookings_created_at_id", OLDER_AT_DESK, PLACE),
    ("ix_bookings_created_at_id", NEWER_AT_DESK, PLACE),
    (
        "ix_bookings_customer_id_created_at_id",
        OLDER_AT_DESK.where(booking_desk.WANTED["customer_id"]),
        {"customer_id": an_id(), **PLACE},
    ),
    *(
        (index, booking_desk.NEWEST_FIRST.where(booking_desk.SEARCHED[kind]), SEARCH)
        for kind, index in {
            SearchKind.NUMBER: "uq_bookings_booking_number",
            SearchKind.EMAIL: "ix_bookings_contact_email_search",
            SearchKind.PHONE: "ix_bookings_contact_phone",
        }.items()
    ),
    (
        "ix_refunds_created_at_id",
        refund_list.NEWEST_FIRST.where(refund_list.PLACE < refund_list.AT),
        PLACE,
    ),
    (
        "ix_refunds_status_created_at_id",
        refund_list.OLDEST_FIRST.where(refund_list.OF_STATUS, refund_list.PLACE > refund_list.AT),
        {"status": "requested", **PLACE},
    ),
    (
        "ix_payments_created_at_id",
        payment_list.NEWEST_FIRST.where(payment_list.PLACE < payment_list.AT),
        PLACE,
    ),
    *(
        (
            f"ix_payments_{name}_created_at_id",
            payment_list.OLDEST_FIRST.where(
                payment_list.WANTED[name], payment_list.PLACE > payment_list.AT
            ),
            {name: "pending", **PLACE},
        )
        for name in ("status", "purpose")
    ),
    (
        "uq_payments_booking_id",
        payment_list.NEWEST_FIRST.where(payment_list.WANTED["booking_id"]),
        {"booking_id": an_id(), **PAGE},
    ),
    ("ix_bookings_pickup_date_pickup_time", dashboard_desk.BY_STATUS, DAYS),
    ("ix_bookings_pickup_date_pickup_time", dashboard_desk.PICKUPS, {"pickup_on": PICKUP_DATE}),
    (
        "ix_customers_created_at_id",
        dashboard_desk.NEW_CUSTOMERS,
        {"created_from": NOW, "created_until": NOW},
    ),
    ("ix_refunds_status_created_at_id", dashboard_desk.WAITING, {}),
    ("ix_bookings_pickup_date_pickup_time", dispatch_desk.BOARD, {"pickup_on": PICKUP_DATE}),
    ("uq_courier_tasks_booking_id_leg", dispatch_desk.BOARD, {"pickup_on": PICKUP_DATE}),
    (
        "ix_courier_tasks_window_start_at",
        dispatch_desk.LAST_DUE.where(
            NOT_DELETED,
            dispatch_desk.STARTS_FROM,
            dispatch_desk.PLACE < dispatch_desk.PLACED,
        ),
        {"starts_from": NOW, **PLACE},
    ),
    (
        "ix_courier_tasks_status_window_start_at",
        dispatch_desk.FIRST_DUE.where(
            dispatch_desk.WANTED["status"], dispatch_desk.PLACE > dispatch_desk.PLACED
        ),
        {"status": "failed", **PLACE},
    ),
    (
        "ix_courier_tasks_booking_id",
        dispatch_desk.LAST_DUE.where(dispatch_desk.WANTED["booking_number"]),
        {"booking_number": "TT-1", **PAGE},
    ),
    (
        "ix_courier_tasks_window_start_at",
        dispatch_desk.BY_STATUS,
        {"starts_from": NOW, "starts_before": NOW},
    ),
    ("ix_courier_tasks_status_window_start_at", dispatch_desk.UNDER_WAY, {**PAGE}),
    ("ix_courier_tasks_status_window_start_at", dispatch_desk.LATE, {"at": NOW, **PAGE}),
    (
        "ix_courier_tasks_status_window_start_at",
        dispatch_desk.FAILED,
        {"starts_from": NOW, **PAGE},
    ),
    ("ix_courier_tasks_open", dispatch_desk.BACKLOG, {}),
    ("ix_owed_effects_state_due_at", dispatch_desk.BACKLOG, {}),
    ("ix_customer_notes_customer_id_created_at_id", customer_notes.NOTES.older, NOTED),
    ("ix_customer_contacts_customer_id_created_at_id", customer_notes.CONTACTS.newer, NOTED),
    ("ix_bookings_customer_id_created_at_id", customer_totals.SPENDING, OF_CUSTOMER),
    ("ix_ledger_entries_booking_id_posted_at_id", customer_totals.SPENDING, OF_CUSTOMER),
    ("pk_bookings", customer_totals.OF_POSTED, OF_PAGE),
    ("pk_customers", customer_totals.LOCK, OF_PAGE),
    ("ix_bookings_contact_email_search", bookings.GUESTS, {"email_key": "ada@x.org", **PAGE}),
    ("uq_staff_acts_position", staff_acts.CHAINED, {"after_position": 1, **PAGE}),
    ("uq_staff_acts_position", staff_acts.HEAD, {}),
    (
        "ix_staff_acts_staff_name_position",
        staff_acts.NEWEST_FIRST.where(staff_acts.WANTED["staff_name"]),
        {"staff_name": "Maria", **PAGE},
    ),
    ("uq_staff_accounts_username", staff_accounts.FIND, {"username": "maria"}),
    ("uq_bookings_booking_number", bookings.GET_BY_NUMBER, {"number": "TT-1"}),
    ("ix_bookings_hold_expires_at", bookings.LAPSED, {"at": NOW, **PAGE}),
    ("ix_bookings_cart_key_standing", bookings.WITH_CART, {"cart_key": "k"}),
    ("pk_crew_half_hours", crews.TAKEN, {"start": PICKUP_DATE, "end": PICKUP_DATE}),
    (
        "ix_discount_uses_code_id_email_key",
        discount_uses.COUNT,
        {"code_id": an_id(), "email_key": "a"},
    ),
    ("ix_ledger_entries_posted_at", ledger.SUMS, {"posted_from": NOW, "posted_until": NOW}),
    ("ix_ledger_entries_booking_id_posted_at_id", ledger.OF_BOOKING, {"of_booking": an_id()}),
    ("ix_documents_booking_id_created_at_id", documents.OF_BOOKING, {"of_booking": an_id()}),
    (
        "ix_documents_created_at_id_pending",
        documents.PENDING,
        {"until": NOW, **PAGE},
    ),
    ("ix_messages_to_created_at_id", messages.TO, {"address": "A@x.org", **PAGE}),
    ("ix_messages_booking_id", messages.TEXTS_ABOUT, {"of_customer": an_id(), **PAGE}),
    ("ix_refused_addresses_refused_at_id", refused_addresses.NEWEST, {**PAGE}),
    ("ix_refunds_created_at_id", OLDER_REFUNDS, {**PAGE}),
    (
        "ix_refunds_status_created_at_id",
        OLDER_REFUNDS.where(refund_table.c.status == "requested"),
        {**PAGE},
    ),
    ("ix_bookings_created_at_id", reconciliation.CREATED, {**KEYS, **PAGE}),
    ("ix_bookings_updated_at_id", reconciliation.UPDATED, {**KEYS, **PAGE}),
    ("pk_bookings", reconciliation.BOOKINGS, OF_PAGE),
    ("ix_payment_attempts_booking_id", reconciliation.ATTEMPTS, OF_PAGE),
    ("ix_refunds_booking_id", reconciliation.REFUNDS, OF_PAGE),
    ("ix_disputes_booking_id", reconciliation.DISPUTES, OF_PAGE),
    ("ix_ledger_entries_booking_id", reconciliation.LEDGER, OF_PAGE),
    ("uq_payment_attempts_intent_id", reconciliation.OF_INTENTS, {"texts": ["pi_1"]}),
    ("ix_owed_effects_state_due_at", outbox.DUE, SWEEP),
    ("ix_owed_effects_state_due_at", outbox.BACKLOG, {"now": NOW}),
    ("ix_owed_effects_state_due_at", outbox.TROUBLED, {"due_before": NOW, "limit": 100}),
    ("ix_payment_attempts_unchecked_since", payments.TO_CHECK, {"checked_before": NOW, **PAGE}),
]


@pytest.mark.parametrize(("index", "query", "values"), PLANS)
def test_given_a_list_when_planned_then_it_walks_its_index_without_sorting_the_table(
    database_url: str, index: str, query: ClauseElement, values: dict[str, object]
) -> None:
    compiled = query.compile(dialect=DIALECT)
    parameters = {**compiled.params, **values}

    with psycopg.connect(database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        rows = connection.execute(f"EXPLAIN {compiled}".encode(), parameters).fetchall()
    plan = "\n".join(line for (line,) in rows)

    assert f"using {index}" in plan or f"Backward using {index}" in plan
    assert "Seq Scan on" not in plan
