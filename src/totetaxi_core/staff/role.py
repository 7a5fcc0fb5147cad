"""What a member of staff is there for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    CUSTOMER_SERVICE = "customer_service"
    OPERATIONS = "operations"
    LOGISTICS = "logistics"
    FINANCE = "finance"
    ADMIN = "admin"


DEPARTMENT_OF: Final[Mapping[Role, str]] = {
    Role.CUSTOMER_SERVICE: "Customer Service",
    Role.OPERATIONS: "Operations",
    Role.LOGISTICS: "Logistics",
    Role.FINANCE: "Finance",
    Role.ADMIN: "Administration",
}
"""Where a role works, unless said otherwise."""
