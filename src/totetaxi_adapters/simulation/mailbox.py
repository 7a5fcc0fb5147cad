"""A provider's events on their way to us: more than once, out of order, up to 72 hours late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final, Generic, TypeVar

Event = TypeVar("Event")

COPIES: Final = (1, 1, 1, 2, 3)
SOME_LOST: Final = (0, 1, 1, 1, 2, 3)
SENT_AGAIN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Generic[Event]):
    event: Event
    due_at: datetime


class Mailbox(Generic[Event]):
    """What was sent and not yet taken in, in no order that means anything.

    Each event comes in one of `copies`, drawn: 0 is one that gets lost.
    """

    def __init__(self, *, latest_s: int, copies: Sequence[int] = COPIES) -> None:
        self._latest_s, self._copies = latest_s, copies
        self._deliveries: list[Delivery[Event]] = []

    def __len__(self) -> int:
        return len(self._deliveries)

    def post(self, events: Iterable[Event], *, at: datetime, chance: Random) -> None:
        for event in events:
            for _ in range(chance.choice(self._copies)):
                late = timedelta(seconds=int(chance.random() ** 4 * self._latest_s))
                self._deliveries.append(Delivery(event=event, due_at=at + late))

    def take(self, *, at: datetime, draw: int) -> Delivery[Event] | None:
        """Remove and return one of the deliveries that are due; None if none is."""
        due = [index for index, each in enumerate(self._deliveries) if each.due_at <= at]
        return self._deliveries.pop(due[draw % len(due)]) if due else None

    def give_back(self, delivery: Delivery[Event], *, at: datetime) -> None:
        """Send it again later: it was not answered."""
        self._deliveries.append(replace(delivery, due_at=at + SENT_AGAIN_AFTER))
