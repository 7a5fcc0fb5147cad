"""The port to the provider's disputes, without the provider."""

from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.payments.dispute_gateway import ProviderDispute


class MemoryDisputeGateway:
    """Disputes of the charges of `payments`, whose outages meet these calls too.

    What a payer's bank does is done by the methods that are not async.
    """

    def __init__(self, payments: MemoryPaymentGateway) -> None:
        self._payments = payments

    async def get_dispute(self, stripe_dispute_id: str) -> ProviderDispute:
        """Return the dispute as it stands now.

        Raises:
            DisputeNotFoundError: there is no such dispute.
        """
        desk = self._payments.account.dispute_desk
        return await self._payments.answer(lambda: desk.get(stripe_dispute_id))

    async def find_disputes(self, intent_id: str) -> tuple[ProviderDispute, ...]:
        """Return every dispute of the intent's charges, newest first."""
        desk = self._payments.account.dispute_desk
        return await self._payments.answer(lambda: desk.of(intent_id)[::-1])

    def disputes(self) -> tuple[ProviderDispute, ...]:
        """Return every dispute ever opened, oldest first."""
        return self._payments.account.disputes()

    def open_dispute(
        self, intent_id: str, amount_cents: int | None = None, *, inquiry: bool = False
    ) -> ProviderDispute:
        """Dispute a charge, by default all that is left of it; its money is withdrawn at once.

        No money moves for an inquiry.

        Raises:
            IntentNotFoundError: there is no such intent.
            ValueError: it is not paid, under dispute already, or has less left.
        """
        desk = self._payments.account.dispute_desk
        return desk.open(intent_id, amount_cents, inquiry=inquiry)

    def close_dispute(self, stripe_dispute_id: str, *, won: bool) -> ProviderDispute:
        """Let the bank decide, for us or for the payer; an appeal may turn its verdict.

        Raises:
            DisputeNotFoundError: there is no such dispute.
            ValueError: it would take money that has been sent back since.
        """
        return self._payments.account.dispute_desk.close(stripe_dispute_id, won=won)
