"""Onfleet."""

from totetaxi_adapters.onfleet.connection import CallPace, OnfleetBounds
from totetaxi_adapters.onfleet.events import OnfleetEventReader
from totetaxi_adapters.onfleet.gateway import API_BASE, OnfleetCourierGateway
from totetaxi_adapters.onfleet.proof import UPLOAD_URL

__all__ = [
    "API_BASE",
    "UPLOAD_URL",
    "CallPace",
    "OnfleetBounds",
    "OnfleetCourierGateway",
    "OnfleetEventReader",
]
