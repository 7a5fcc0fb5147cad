"""What the company sells: packages, organizing, deliveries, helicopter bags, extras."""

from totetaxi_core.catalog.blade_service import BladeService
from totetaxi_core.catalog.fees import Fees
from totetaxi_core.catalog.mini_move_package import MiniMovePackage
from totetaxi_core.catalog.organizing_service import OrganizingService, OrganizingTier
from totetaxi_core.catalog.service_type import ServiceType
from totetaxi_core.catalog.specialty_item import SpecialtyItem
from totetaxi_core.catalog.standard_delivery import StandardDelivery

__all__ = [
    "BladeService",
    "Fees",
    "MiniMovePackage",
    "OrganizingService",
    "OrganizingTier",
    "ServiceType",
    "SpecialtyItem",
    "StandardDelivery",
]
