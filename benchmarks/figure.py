"""One measured number, with the limit it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`limit` is a floor, or where `at_most` a ceiling; None where nothing is promised."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether the limit is kept, which it is where there is none."""
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit
