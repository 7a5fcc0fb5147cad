"""What each line of a booking has earned of what the ledger has for it.

Source: docs/reports.md, "Revenue by rule".
"""

from collections.abc import Sequence

from totetaxi_core.pricing import QuoteLine


def split_over_lines(amount_cents: int, lines: Sequence[QuoteLine]) -> tuple[int, ...] | None:
    """Return a part for each line; together they are the amount. None: the lines add up to nothing.

    A line's part brings all lines up to it to their share of the amount, rounded towards zero.
    """
    whole_cents = sum(line.amount_cents for line in lines)
    if whole_cents == 0:
        return None
    up_to_cents = given_cents = 0
    parts = []
    for line in lines:
        up_to_cents += line.amount_cents
        even_cents = _towards_zero(amount_cents * up_to_cents, whole_cents)
        parts.append(even_cents - given_cents)
        given_cents = even_cents
    return tuple(parts)


def _towards_zero(amount: int, divisor: int) -> int:
    quotient = abs(amount) // abs(divisor)
    return quotient if (amount < 0) == (divisor < 0) else -quotient
