"""What goes wrong with the calls of one simulation, drawn as they are made."""

from random import Random

from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.simulation.swarm import FaultRates
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.unit_of_work import DatabaseUnavailableError


class Faults:
    """`chance` is set anew for each step. Once healed, nothing goes wrong any more."""

    def __init__(self, rates: FaultRates) -> None:
        self.chance = Random(0)  # noqa: S311  to be drawn again; nothing is a secret
        self._rates = rates
        self._is_healed = False

    @property
    def is_healed(self) -> bool:
        return self._is_healed

    def heal(self) -> None:
        self._is_healed = True

    def outage(self) -> Outage | None:
        """Draw what becomes of a call to the provider."""
        if self._strikes(self._rates.unheard):
            return Outage.BEFORE_ACTING
        return Outage.AFTER_ACTING if self._strikes(self._rates.unanswered) else None

    def courier_outage(self) -> Outage | None:
        """Draw what becomes of a call to the courier service."""
        if self._strikes(self._rates.courier_unheard):
            return Outage.BEFORE_ACTING
        return Outage.AFTER_ACTING if self._strikes(self._rates.courier_unanswered) else None

    def acts_late(self) -> bool:
        """Draw whether a task is created after nobody waits for it any more."""
        return self._strikes(self._rates.courier_delayed)

    def is_carried(self) -> bool:
        """Draw whether all goes well with a message, or an event for a client system."""
        return not self._strikes(self._rates.carried)

    def fails_for_good(self) -> bool:
        """Draw whether the provider answers 500 and keeps that answer."""
        return self._strikes(self._rates.failed)

    def break_database(self) -> None:
        """Raise, now and then, what a lost connection raises."""
        if self._strikes(self._rates.database):
            raise DatabaseUnavailableError("the connection was lost")

    def failure(self) -> PaymentUnavailableError:
        return PaymentUnavailableError("the provider answered 500", answered=True)

    def _strikes(self, rate: float) -> bool:
        return rate > 0 and not self._is_healed and self.chance.random() < rate
