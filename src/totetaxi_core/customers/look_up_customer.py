"""Find one customer by what the desk has: the account's id, or its e-mail address."""

from uuid import UUID

from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.ports import Ports


async def look_up_customer(reference: str, ports: Ports) -> Customer:
    """Return the account of an id or of an e-mail address, in any case.

    Raises:
        CustomerNotFoundError: there is none.
    """
    customer_id = _uuid(reference)
    async with ports.unit_of_work() as uow:
        if customer_id is not None:
            return await uow.customers.get(customer_id)
        found = await uow.customers.find(reference)
    if found is None:
        raise CustomerNotFoundError("no customer has this id or e-mail address")
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
