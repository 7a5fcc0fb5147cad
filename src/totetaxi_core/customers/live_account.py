"""The account a request writes to, which may have been deleted while it ran."""

from uuid import UUID

from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.customers.customer import Customer
from totetaxi_core.unit_of_work import UnitOfWork


async def lock_account(customer_id: UUID, uow: UnitOfWork) -> Customer:
    """Return the account, locked: whatever is written for it now, a deletion will find.

    Raises:
        InvalidTokenError: it was deleted meanwhile, and every login with it.
        CustomerNotFoundError: there never was one of this id.
    """
    customer = await uow.customers.get(customer_id, lock=True)
    if customer.deleted_at is not None:
        raise InvalidTokenError
    return customer
