"""The house's terms with the schedule that counts for a transaction."""

from dataclasses import replace

from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork


async def terms_now(uow: UnitOfWork, terms: Terms) -> Terms:
    """Return the terms with the schedule as this transaction reads it.

    While staff have not changed it, that is the one the terms bring.
    """
    stored = await uow.schedules.current()
    return terms if stored is None else replace(terms, schedule=stored.schedule)
