"""The cards a customer has saved, and one of them."""

from uuid import UUID

from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports


async def list_cards(
    customer_id: UUID,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[PaymentMethod]:
    """Return at most `limit` of the customer's cards, the newest, or next to a place."""
    async with ports.unit_of_work() as uow:
        found = await uow.payment_methods.page(
            customer_id, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)


async def look_up_card(customer_id: UUID, method_id: UUID, ports: Ports) -> PaymentMethod:
    """Return the customer's card.

    Raises:
        PaymentMethodNotFoundError: it is another's, was removed, or there is none.
    """
    async with ports.unit_of_work() as uow:
        return await uow.payment_methods.get(customer_id, method_id)
