"""The refunds that the payment provider has made, and what the banks do with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import (
    PaymentMisconfiguredError,
    ProviderRefund,
    RefundState,
)

GIVEN_BACK: Final = frozenset({RefundState.PENDING, RefundState.SUCCEEDED})


class RefundDesk:
    """Refunds by id, oldest first. `tell` takes the kind of each event and the refund's id."""

    def __init__(self, tell: Callable[[str, str], None], *, ids: IdSource, clock: Clock) -> None:
        self._tell, self._ids, self._clock = tell, ids, clock
        self._refunds: dict[str, ProviderRefund] = {}

    def all(self) -> tuple[ProviderRefund, ...]:
        return tuple(self._refunds.values())

    def get(self, provider_refund_id: str) -> ProviderRefund:
        """Return the refund.

        Raises:
            PaymentMisconfiguredError: there is none.
        """
        refund = self._refunds.get(provider_refund_id)
        if refund is None:
            raise PaymentMisconfiguredError(f"there is no refund {provider_refund_id}")
        return refund

    def of(self, intent_id: str) -> tuple[ProviderRefund, ...]:
        """Return the intent's refunds, newest first."""
        newest_first = reversed(self._refunds.values())
        return tuple(refund for refund in newest_first if refund.intent_id == intent_id)

    def given_back_cents(self, intent_id: str) -> int:
        made = (one for one in self.of(intent_id) if one.state in GIVEN_BACK)
        return sum(refund.amount_cents for refund in made)

    def add(
        self, intent_id: str, amount_cents: int, *, state: RefundState, refund_id: UUID | None
    ) -> str:
        """Make a refund and return its id; `refund_id` is our mark on it."""
        refund = ProviderRefund(
            id=f"re_{self._ids.new_id().hex}",
            state=state,
            amount_cents=amount_cents,
            intent_id=intent_id,
            refund_id=refund_id,
            created_at=self._clock().replace(microsecond=0),
        )
        self._keep(refund, "refund.created")
        return refund.id

    def settle(self, provider_refund_id: str, *, succeeds: bool) -> ProviderRefund:
        """Let the bank take or return a refund; even one that succeeded may come back.

        Raises:
            PaymentMisconfiguredError: there is none.
        """
        settled = replace(
            self.get(provider_refund_id),
            state=RefundState.SUCCEEDED if succeeds else RefundState.FAILED,
            failure_reason=None if succeeds else "expired_or_canceled_card",
        )
        self._keep(settled, "refund.updated" if succeeds else "refund.failed")
        return settled

    def _keep(self, refund: ProviderRefund, kind: str) -> None:
        self._refunds[refund.id] = refund
        self._tell(kind, refund.id)
