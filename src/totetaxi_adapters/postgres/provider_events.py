"""The events Stripe has sent us."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import provider_events
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.payments.gateway import PaymentEvent

# A second delivery of the same event waits here for the first one's transaction.
ADD = (
    insert(provider_events)
    .on_conflict_do_nothing(index_elements=[provider_events.c.id])
    .returning(provider_events.c.id)
)


class PostgresProviderEvents:
    """Event ids and kinds, each once."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: PaymentEvent, *, received_at: datetime) -> bool:
        row = {"id": event.id, "kind": event.kind, "received_at": received_at}
        return (await self._transaction.execute(ADD, row)).one_or_none() is not None
