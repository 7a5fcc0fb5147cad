"""A date as a person writes it."""

from datetime import date

from totetaxi_core.weekday import weekday_of

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def long_date(on: date) -> str:
    """Return the date like "Saturday, December 5, 2026", in English under any locale."""
    return f"{weekday_of(on).capitalize()}, {MONTHS[on.month - 1]} {on.day}, {on.year}"
