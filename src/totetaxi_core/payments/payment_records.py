"""The port that lists everything the payment provider holds, to compare it with our records."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund


class PaymentRecords(Protocol):
    """All the provider's objects made in `[created_from, created_until)`, whole seconds counting.

    Objects that are not ours come too: whoever reads tells them apart. Each comes once, in no
    order one may rely on, read page by page while the iteration goes on; what changes meanwhile
    is seen before or after the change. Iterating may raise PaymentUnavailableError or
    PaymentMisconfiguredError, and never happens inside a transaction.
    """

    def intents(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[PaymentIntent]:
        """Return the intents by their own creation, which may be days before they are paid."""
        ...

    def refunds(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderRefund]:
        """Return the refunds, those begun in the provider's dashboard among them."""
        ...

    def disputes(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderDispute]:
        """Return the disputes; one of a charge that carries no intent is left out."""
        ...
