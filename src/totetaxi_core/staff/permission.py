"""Who may do what: the one table that HTTP and the command line ask.

Printed in docs/permissions.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role


class Permission(StrEnum):
    READ_BOOKINGS = "read_bookings"
    CREATE_BOOKINGS = "create_bookings"
    EDIT_BOOKINGS = "edit_bookings"
    CONFIRM_IN_CASH = "confirm_in_cash"
    SEND_PAYMENT_LINKS = "send_payment_links"
    READ_REFUNDS = "read_refunds"
    REQUEST_REFUNDS = "request_refunds"
    APPROVE_REFUNDS = "approve_refunds"
    READ_PAYMENTS = "read_payments"
    VIEW_FINANCIAL_REPORTS = "view_financial_reports"
    EXPORT_FINANCIAL_DATA = "export_financial_data"
    READ_CUSTOMERS = "read_customers"
    EDIT_CUSTOMERS = "edit_customers"
    VIEW_CUSTOMER_ANALYTICS = "view_customer_analytics"
    DISPATCH = "dispatch"
    READ_MESSAGES = "read_messages"
    SEND_MESSAGES = "send_messages"
    RETRY_JOBS = "retry_jobs"
    MANAGE_PRICING = "manage_pricing"
    MANAGE_BLADE_SERVICES = "manage_blade_services"
    MANAGE_SCHEDULE = "manage_schedule"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_STAFF = "manage_staff"
    READ_STAFF_ACTS = "read_staff_acts"
    ERASE_STAFF_ACTS = "erase_staff_acts"
    RUN_RETENTION = "run_retention"


@dataclass(frozen=True, slots=True)
class Grant:
    """Whoever has one of these roles or flags may; an admin may in any case."""

    meaning: str
    roles: frozenset[Role] = frozenset()
    flags: frozenset[Flag] = frozenset()


EVERY_ROLE: Final = frozenset(Role)
DESK: Final = frozenset({Role.CUSTOMER_SERVICE, Role.OPERATIONS})
MONEY: Final = frozenset({Role.FINANCE})
GRANTS: Final[Mapping[Permission, Grant]] = {
    Permission.READ_BOOKINGS: Grant(
        "List and open bookings, and see how they are driven.", EVERY_ROLE
    ),
    Permission.CREATE_BOOKINGS: Grant(
        "Book for a guest or customer, and override the notice rules with a reason.", DESK
    ),
    Permission.EDIT_BOOKINGS: Grant("Change, cancel and annotate bookings.", DESK),
    Permission.CONFIRM_IN_CASH: Grant(
        "Confirm a booking whose price was paid in cash: its payment by card is called off.",
        MONEY,
        frozenset({Flag.CAN_APPROVE_REFUNDS}),
    ),
    Permission.SEND_PAYMENT_LINKS: Grant("Mail a new link to pay.", DESK),
    Permission.READ_REFUNDS: Grant(
        "List refunds.", DESK | MONEY, frozenset({Flag.CAN_APPROVE_REFUNDS})
    ),
    Permission.REQUEST_REFUNDS: Grant("Ask for a refund.", EVERY_ROLE),
    Permission.APPROVE_REFUNDS: Grant(
        "Approve and reject refunds.", flags=frozenset({Flag.CAN_APPROVE_REFUNDS})
    ),
    Permission.READ_PAYMENTS: Grant(
        "List payments.", MONEY, frozenset({Flag.CAN_VIEW_FINANCIAL_REPORTS})
    ),
    Permission.VIEW_FINANCIAL_REPORTS: Grant(
        "See revenue, tax and what the ledger holds.",
        MONEY,
        frozenset({Flag.CAN_VIEW_FINANCIAL_REPORTS}),
    ),
    Permission.EXPORT_FINANCIAL_DATA: Grant(
        "Take the books out as files.", flags=frozenset({Flag.CAN_EXPORT_FINANCIAL_DATA})
    ),
    Permission.READ_CUSTOMERS: Grant("Find customers and open their pages.", DESK),
    Permission.EDIT_CUSTOMERS: Grant("Write notes and the contact log.", DESK),
    Permission.VIEW_CUSTOMER_ANALYTICS: Grant(
        "See what customers spend.", flags=frozenset({Flag.CAN_VIEW_CUSTOMER_ANALYTICS})
    ),
    Permission.DISPATCH: Grant(
        "Give tasks to couriers, have them looked at anew, and plan a day.",
        frozenset({Role.LOGISTICS}),
    ),
    Permission.READ_MESSAGES: Grant(
        "Read what was written to customers, without the tokens in it, and whether it arrived.",
        DESK,
    ),
    Permission.SEND_MESSAGES: Grant(
        "Have a message sent again, and let messages go to an address that refused.", DESK
    ),
    Permission.RETRY_JOBS: Grant(
        "Have owed work that failed tried again.", frozenset({Role.OPERATIONS})
    ),
    Permission.MANAGE_PRICING: Grant(
        "Publish price books and discount codes.", flags=frozenset({Flag.CAN_MANAGE_PRICING})
    ),
    Permission.MANAGE_BLADE_SERVICES: Grant(
        "Change helicopter services.", flags=frozenset({Flag.CAN_MANAGE_BLADE_SERVICES})
    ),
    Permission.MANAGE_SCHEDULE: Grant(
        "Change the schedule: close and open dates, set crews, hours, notice and horizon.",
        flags=frozenset({Flag.CAN_MANAGE_SCHEDULE}),
    ),
    Permission.MANAGE_WEBHOOKS: Grant(
        "Say which client systems hear of bookings, payments and deliveries.",
        frozenset({Role.OPERATIONS}),
    ),
    Permission.MANAGE_STAFF: Grant(
        "Create, change and disable others who may do no more than oneself.",
        flags=frozenset({Flag.CAN_MANAGE_STAFF}),
    ),
    Permission.READ_STAFF_ACTS: Grant(
        "Read the record of staff acts.", flags=frozenset({Flag.CAN_MANAGE_STAFF})
    ),
    Permission.ERASE_STAFF_ACTS: Grant("Erase the personal values of a recorded act."),
    Permission.RUN_RETENTION: Grant(
        "Let go of what is past its time, before the worker does; delete a customer's account."
    ),
}


class Rights(Protocol):
    """What the table asks about a member of staff."""

    @property
    def username(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def flags(self) -> frozenset[Flag]: ...
    @property
    def is_active(self) -> bool: ...


class PermissionDeniedError(DomainError):
    """This member of staff may not do this; nothing was done."""

    code = "permission_denied"

    def __init__(self, username: str, permission: Permission, *, why: str = "") -> None:
        super().__init__(why or f"{username} may not {permission.replace('_', ' ')}")
        self.username, self.permission = username, permission


def may(account: Rights, permission: Permission) -> bool:
    """Tell whether somebody with these rights may do that."""
    if not account.is_active:
        return False
    grant = GRANTS[permission]
    if account.role is Role.ADMIN or account.role in grant.roles:
        return True
    return not account.flags.isdisjoint(grant.flags)


def permissions_of(account: Rights) -> frozenset[Permission]:
    return frozenset(permission for permission in Permission if may(account, permission))
