"""Reports of customers: who brings most, and how many are new."""

from typing import Final

from totetaxi_core.reports.asked import Asked
from totetaxi_core.reports.money_reports import span_column
from totetaxi_core.reports.report import (
    Table,
    cents,
    count,
    share,
    share_bp,
    text,
)
from totetaxi_core.reports.report_desk import Buyers
from totetaxi_core.reports.span import SpanLength, Spans

MOST: Final = 20
NOBODY: Final = Buyers(customers=0, new_customers=0, bookings=0)


async def top_customers(asked: Asked) -> Table:
    spenders = await asked.desk.top_spenders(asked.window, limit=MOST)
    return Table(
        columns=(
            text(asked.by.value, "customer"),
            text("email", "e-mail"),
            text("customer_id", "account"),
            count("bookings", "bookings"),
            cents("spent", "spent"),
        ),
        rows=tuple(
            (
                one.name,
                one.email,
                None if one.customer_id is None else str(one.customer_id),
                one.bookings,
                one.spent_cents,
            )
            for one in spenders
        ),
        total=(
            "total",
            None,
            None,
            sum(one.bookings for one in spenders),
            sum(one.spent_cents for one in spenders),
        ),
        charted="spent_cents",
        note=f"The {MOST} who spent most: what came less what went back, by the ledger."
        " Guests count by their e-mail address.",
    )


async def new_customers(asked: Asked) -> Table:
    spans = Spans.of(asked.days, SpanLength(asked.by.value))
    found = await asked.desk.buyers(spans.instants(asked.zone))
    buyers = [(on, found.get(number, NOBODY)) for number, on in enumerate(spans.firsts)]
    return Table(
        columns=(
            span_column(asked.by),
            count("customers", "customers"),
            count("new_customers", "new"),
            count("returning_customers", "returning"),
            share("new", "new"),
            count("bookings", "bookings"),
        ),
        rows=tuple(
            (
                on,
                one.customers,
                one.new_customers,
                one.customers - one.new_customers,
                share_bp(one.new_customers, of=one.customers),
                one.bookings,
            )
            for on, one in buyers
        ),
        # Who came back in another span would count twice: customers are not added up.
        total=(
            "total",
            None,
            sum(one.new_customers for _, one in buyers),
            None,
            None,
            sum(one.bookings for _, one in buyers),
        ),
        charted="new_customers",
        note="Who had a booking confirmed in the span; new if it was their first ever."
        " Guests count by their e-mail address.",
    )
