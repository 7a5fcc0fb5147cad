"""Who acts in a simulation, and everything they may do."""

from typing import Final

from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.actors import (
    clock,
    courier,
    customer,
    death,
    dispatch,
    holder,
    staff,
    stripe,
    worker,
)

ACTIONS: Final[tuple[Action, ...]] = (
    *customer.ACTIONS,
    *holder.ACTIONS,
    *staff.ACTIONS,
    *stripe.ACTIONS,
    *courier.ACTIONS,
    *worker.ACTIONS,
    *dispatch.ACTIONS,
    *clock.ACTIONS,
    *death.ACTIONS,
)
