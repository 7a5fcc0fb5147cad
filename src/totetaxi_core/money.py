"""Money: whole US cents, and everything that rounds them.

In integers: `int(100 * (2900 / 10_000))` is 28 where 29 is owed.

Source: docs/pricing.md, "Rounding".
"""

from collections.abc import Sequence

BASIS_POINTS = 10_000


def share_down(amount_cents: int, rate_bp: int) -> int:
    """Return the share of a non-negative amount, rounded down to the cent. 1,500 bp is 15 %."""
    return amount_cents * rate_bp // BASIS_POINTS


def tax_half_up(amount_cents: int, rate_bp: int) -> int:
    """Return the tax on a non-negative amount, half a cent rounded up."""
    return (2 * amount_cents * rate_bp + BASIS_POINTS) // (2 * BASIS_POINTS)


def spread(amount_cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split a non-negative amount over non-negative weights; the parts sum to it exactly.

    Each part is its exact share rounded down; the cents left over go to the largest remainders,
    the earlier one first where two are alike.

    Raises:
        ValueError: all weights are zero and the amount is not.
    """
    whole = sum(weights)
    if whole == 0:
        if amount_cents:
            raise ValueError("nothing to spread over")
        return tuple(0 for _ in weights)
    parts = [amount_cents * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda index: -(amount_cents * weights[index] % whole)
    )
    for index in by_remainder[: amount_cents - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def dollars(amount_cents: int) -> str:
    """Return the amount as a decimal string: 99,500 cents is "995.00"."""
    if amount_cents < 0:
        return f"-{dollars(-amount_cents)}"
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"


def money_words(amount_cents: int) -> str:
    """Return the amount as people read it: `$1,234.50`, or `-$99.50`."""
    whole, _, cents = dollars(abs(amount_cents)).partition(".")
    return f"{'-' if amount_cents < 0 else ''}${int(whole):,}.{cents}"
