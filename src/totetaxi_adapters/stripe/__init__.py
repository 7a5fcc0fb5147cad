"""The payment provider, by Stripe's own SDK."""

from totetaxi_adapters.stripe.cards import StripeCardGateway
from totetaxi_adapters.stripe.checkout import StripeCheckoutGateway
from totetaxi_adapters.stripe.connection import StripeBounds
from totetaxi_adapters.stripe.disputes import StripeDisputeGateway
from totetaxi_adapters.stripe.events import StripeEventReader
from totetaxi_adapters.stripe.gateway import StripePaymentGateway
from totetaxi_adapters.stripe.payment_records import StripePaymentRecords

__all__ = [
    "StripeBounds",
    "StripeCardGateway",
    "StripeCheckoutGateway",
    "StripeDisputeGateway",
    "StripeEventReader",
    "StripePaymentGateway",
    "StripePaymentRecords",
]
