"""The federal calendar, from the `holidays` package."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

KEPT_YEARS = 64


class FederalHolidayCalendar:
    """US federal holidays, real and observed days alike; those of a single state are not in it.

    The package knows them up to 2100 and answers none for a later year. Any thread may ask.
    """

    def __init__(self) -> None:
        country_holidays("US")  # loads the country now, instead of within the first request

    def is_holiday(self, on: date) -> bool:
        """Tell whether the business date `on` is a holiday or its observed day."""
        return on in _holidays_of(on.year)

    def name_of(self, on: date) -> str | None:
        """Return the name, such as `Thanksgiving Day` or `Christmas Day (observed)`."""
        return _holidays_of(on.year).get(on)


@lru_cache(maxsize=KEPT_YEARS)
def _holidays_of(year: int) -> Mapping[date, str]:
    """Return the holidays dated in `year`; December 31 is one when New Year is a Saturday.

    The package's own calendar grows when asked, which two threads must not do at once: a
    finished year is kept here as a mapping that no longer changes.
    """
    return dict(country_holidays("US", years=year, expand=False, language="en_US").items())
