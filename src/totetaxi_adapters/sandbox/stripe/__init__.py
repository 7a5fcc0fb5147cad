"""A local server that behaves as Stripe does for the calls we make."""

from totetaxi_adapters.sandbox.stripe.routes import stripe_sandbox_router
from totetaxi_adapters.sandbox.stripe.sandbox import StripeSandbox, StripeSandboxSettings

__all__ = ["StripeSandbox", "StripeSandboxSettings", "stripe_sandbox_router"]
