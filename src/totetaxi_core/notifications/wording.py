"""How letters say times, amounts and links."""

from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.pay_link import pay_link_with
from totetaxi_core.money import dollars
from totetaxi_core.notifications.token_mark import MANAGE_MARK
from totetaxi_core.ports import Terms

SHOWS: Final = "shows on your card in 5 to 10 business days"


def pickup_words(booking: Booking) -> str:
    """Return such as "Tuesday, December 1 at 09:00"."""
    request = booking.quote.request
    return f"{request.pickup_date:%A, %B} {request.pickup_date.day} at {request.pickup_time:%H:%M}"


def moment_words(instant: datetime, terms: Terms) -> str:
    """Return such as "December 1 at 09:00", by the business's own clock."""
    local = instant.astimezone(terms.zone)
    return f"{local:%B} {local.day} at {local:%H:%M}"


def until_words(instant: datetime, terms: Terms) -> str:
    """Return such as ", until 09:00 on December 1", by the business's own clock."""
    local = instant.astimezone(terms.zone)
    return f", until {local:%H:%M} on {local:%B} {local.day}"


def price_lines(booking: Booking) -> str:
    """Return a line per line of the price, and the total; each begins with two blanks."""
    lines = [f"  {line.label}: {money(line.amount_cents)}" for line in booking.quote.lines]
    return "\n".join([*lines, f"  Total: {money(booking.total_cents)}"])


def money(amount_cents: int) -> str:
    """Return such as $995.00 or -$99.50."""
    return f"{'-' if amount_cents < 0 else ''}${dollars(abs(amount_cents))}"


def manage_link(terms: Terms) -> str:
    return f"{terms.public_url}/manage?manage_token={MANAGE_MARK}"


def pay_link(terms: Terms) -> str:
    return pay_link_with(MANAGE_MARK, terms)


def phone(terms: Terms) -> str:
    return terms.limits.support_phone
