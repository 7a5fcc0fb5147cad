"""What one seed is like: which actions are frequent, what goes wrong, how many crews there are.

Seeds differ in this on purpose. A world in which everything happens now and then never sees what
takes three cancellations at once, or a Stripe that is silent for a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Final, Self

from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.history import DRAWS, Decision, random_of
from totetaxi_adapters.simulation.season import STARTS

FACTORS: Final = (0.0, 0.3, 1.0, 1.0, 1.0, 4.0)
RATES: Final = (0.0, 0.0, 0.01, 0.05, 0.2)
DATABASE_CALLS: Final = 4  # of an action, about: each may go wrong
FINISH: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRates:
    """How often a call goes wrong, from 0 to 1.

    Unheard: it never arrived. Unanswered: it acted, and the answer was lost. Failed: the provider
    answered 500, which it keeps for the call's key. Delayed: a create at the courier acts after
    its caller has given up. Carried: a message, or an event for a client system, goes astray.
    """

    unheard: float = 0.0
    unanswered: float = 0.0
    failed: float = 0.0
    database: float = 0.0
    courier_unheard: float = 0.0
    courier_unanswered: float = 0.0
    courier_delayed: float = 0.0
    carried: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swarm:
    """The character of one seed's world.

    `cumulated` are the actions' weights, summed up one by one. `focus`: the newest so many
    bookings are acted on. `finishes`: how many steps in 100 end what was begun before the next.
    `latest_event_s`: how late events may come. Where nothing `sends_messages` they are kept.
    """

    start: datetime
    names: Sequence[str]
    cumulated: Sequence[float]
    faults: FaultRates
    crews: int
    carts: int
    focus: int
    finishes: int
    pause_ms: int
    latest_event_s: int
    sends_messages: bool
    has_subscriber: bool

    @classmethod
    def of(cls, seed: int, actions: Sequence[Action]) -> Self:
        random = random_of(seed, "swarm")
        return cls(
            start=random.choice(STARTS),
            names=tuple(each.name for each in actions),
            cumulated=tuple(accumulate(_weight(each, random) for each in actions)),
            faults=FaultRates(
                unheard=random.choice(RATES),
                unanswered=random.choice(RATES),
                failed=random.choice(RATES[:4]),
                database=random.choice(RATES[:4]) / DATABASE_CALLS,
                courier_unheard=random.choice(RATES),
                courier_unanswered=random.choice(RATES),
                courier_delayed=random.choice(RATES),
                carried=random.choice(RATES),
            ),
            crews=random.choice((1, 2, 3)),
            carts=random.choice((4, 12, 60)),
            focus=random.choice((1, 2, 4, 8)),
            finishes=random.choice((5, 30, 60, 90, 100)),
            pause_ms=random.choice((50, 2_000, 20_000, 120_000)),
            latest_event_s=random.choice((1, 60, 3_600, 72 * 3_600)),
            sends_messages=random.choice((True, False)),
            has_subscriber=random.choice((True, False, False, False)),
        )

    def decision(self, number: int, random: Random) -> Decision:
        """Draw a step from its own source of randomness."""
        finishes = random.randrange(100) < self.finishes
        return Decision(
            number=number,
            action=random.choices(self.names, cum_weights=self.cumulated)[0],
            draws=(random.randrange(DRAWS), random.randrange(DRAWS), random.randrange(DRAWS)),
            turns=FINISH if finishes else random.choice((0, 1, 2, 5, 10, 20, 40)),
            pause_ms=int(random.random() ** 3 * self.pause_ms),
        )


def _weight(action: Action, random: Random) -> float:
    factor = random.choice(FACTORS)
    return action.weight * (max(factor, 1.0) if action.is_vital else factor)
