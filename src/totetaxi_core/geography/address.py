"""A street address in the United States."""

from dataclasses import dataclass

from totetaxi_core.geography.point import Point
from totetaxi_core.geography.zip_code import FIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a driver calls. `point` guides the driver, never the price."""

    address_line_1: str
    city: str
    state: str
    zip_code: str
    address_line_2: str = ""
    delivery_instructions: str = ""
    point: Point | None = None

    @property
    def formatted(self) -> str:
        lines = (self.address_line_1, self.address_line_2, self.city)
        place = ", ".join(line for line in lines if line)
        return f"{place}, {self.state} {self.zip_code}"

    @property
    def door(self) -> tuple[str, ...]:
        """What makes two addresses the same place: street and unit, city, state, five digits."""
        words = (self.address_line_1, self.address_line_2, self.city, self.state)
        return (*(_plain(word) for word in words), self.zip_code[:FIVE])


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(".", " ").replace(",", " ").split())
