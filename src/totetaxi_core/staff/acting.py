"""Act from somewhere: every staff act that is recorded says from where."""

from dataclasses import replace

from totetaxi_core.ports import Ports
from totetaxi_core.staff.origin import Origin


def acting(ports: Ports, origin: Origin) -> Ports:
    """Return the ports whose units of work record this origin with each staff act."""
    return replace(ports, unit_of_work=lambda: ports.unit_of_work().act_from(origin))
