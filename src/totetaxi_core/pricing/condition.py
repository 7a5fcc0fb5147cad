"""What a surcharge rule may ask for."""

from enum import StrEnum


class Condition(StrEnum):
    """In the order in which an explanation looks at them."""

    IS_ACTIVE = "is_active"
    SERVICE_TYPE = "service_type"
    DATES = "dates"
    WEEKDAYS = "weekdays"
    TIME = "time"
    PLACE = "place"
