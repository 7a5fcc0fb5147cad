"""What happened, step by step, as a person would tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from totetaxi_adapters.simulation.action import NOTHING

REST_FROM: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step and what came of it. `ended` is the step after which it did, 0 in the end.

    Numbers from `REST_FROM` on are of steps that nobody drew: they bring all to its end.
    """

    number: int
    ended: int
    at: datetime
    action: str
    said: str

    @property
    def is_worth_telling(self) -> bool:
        return self.said != NOTHING

    def __str__(self) -> str:
        is_late = self.ended != self.number and self.number < REST_FROM
        late = f" (step {self.number})" if is_late else ""
        when = f"{self.ended or 'end':>5}  {self.at:%Y-%m-%d %H:%M:%S}"
        return f"{when}  {self.action}{late}: {self.said}"
