"""A local server that behaves as Onfleet does for the calls we make."""

from totetaxi_adapters.sandbox.onfleet.routes import onfleet_sandbox_router
from totetaxi_adapters.sandbox.onfleet.sandbox import OnfleetSandbox, OnfleetSandboxSettings

__all__ = ["OnfleetSandbox", "OnfleetSandboxSettings", "onfleet_sandbox_router"]
