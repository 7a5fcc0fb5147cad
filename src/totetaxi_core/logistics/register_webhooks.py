"""Have the courier tell us of its tasks."""

from totetaxi_core.logistics.courier_gateway import CourierWebhook
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct


async def register_webhooks(
    url: str, ports: Ports, *, staff_name: str
) -> tuple[CourierWebhook, ...]:
    """Register what is missing, and enable what is disabled; return every webhook there.

    Raises:
        CourierRefusedError: the address does not answer as the courier asks.
        CourierUnavailableError, CourierMisconfiguredError: no answer; it may be repeated.
    """
    await ports.couriers.register_webhooks(url)
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="courier_webhooks_registered",
                description=f"had the courier tell {url} of its tasks",
                booking_id=None,
                created_at=ports.clock(),
            )
        )
        await uow.commit()
    return await ports.couriers.list_webhooks()
