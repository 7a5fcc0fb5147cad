"""Bookings made as a guest join the account of their e-mail address, once that is verified.

Source: docs/customers.md, "Bookings made as a guest".
"""

from datetime import datetime
from typing import Final

from totetaxi_core.customers.customer import Customer
from totetaxi_core.unit_of_work import UnitOfWork

BATCH: Final = 200


async def join_guest_bookings(customer: Customer, uow: UnitOfWork, *, at: datetime) -> int:
    """Put every guest booking of their address into a stored account; return how many.

    It locks those bookings: do it before the account, or the session, is locked. One that is
    being placed meanwhile is waited for, and joins too.
    """
    joined = 0
    while True:
        batch = await uow.bookings.join_account(customer, at=at, limit=BATCH)
        joined += batch
        if batch < BATCH:
            return joined
