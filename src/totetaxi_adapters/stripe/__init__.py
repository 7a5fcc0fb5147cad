"""The payment provider, by Stripe's own SDK."""

from totetaxi_adapters.stripe.connection import StripeBounds
from totetaxi_adapters.stripe.events import StripeEventReader
from totetaxi_adapters.stripe.gateway import StripePaymentGateway

__all__ = ["StripeBounds", "StripeEventReader", "StripePaymentGateway"]
