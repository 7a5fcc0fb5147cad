"""What a quote line is for, in the order lines are listed."""

from enum import StrEnum


class LineKind(StrEnum):
    BASE = "base"
    SPECIALTY = "specialty"
    ORGANIZING = "organizing"
    ADDON = "addon"
    TIME_SURCHARGE = "time_surcharge"
    GEOGRAPHIC_SURCHARGE = "geographic_surcharge"
    DISCOUNT = "discount"
    ADJUSTMENT = "adjustment"
    TAX = "tax"
