"""What a day plan reckons with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningTerms:
    """Source: docs/dispatch.md, "The day plan".

    `van_cubic_feet` is what one crew's van holds. A pickup begins at most `late_minutes` after its
    time, and never before. `road_percent` is how long a road is, of the great circle.
    """

    van_cubic_feet: int = 480
    late_minutes: int = 60
    road_percent: int = 130
