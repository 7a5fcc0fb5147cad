"""The four things a booking can be."""

from enum import StrEnum


class ServiceType(StrEnum):
    MINI_MOVE = "mini_move"
    STANDARD_DELIVERY = "standard_delivery"
    ORGANIZING_ONLY = "organizing_only"
    BLADE_DELIVERY = "blade_delivery"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    ServiceType.MINI_MOVE: "Mini move",
    ServiceType.STANDARD_DELIVERY: "Standard delivery",
    ServiceType.ORGANIZING_ONLY: "Organizing",
    ServiceType.BLADE_DELIVERY: "BLADE helicopter delivery",
}
