"""What Stripe says about one booking, as far as it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPicture:
    """`intents` by id: None where Stripe knows none, absent where nobody asked.

    `all_refunds_of` names the intents of which every refund is in `refunds`.
    """

    intents: Mapping[str, PaymentIntent | None] = field(default_factory=dict)
    refunds: tuple[ProviderRefund, ...] = ()
    disputes: tuple[ProviderDispute, ...] = ()
    all_refunds_of: frozenset[str] = frozenset()
