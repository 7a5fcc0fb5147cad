"""The one table of who may do what."""

import pytest

from tests.core.staff.staffing import a_staff_account
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.permission import GRANTS, Permission, may, permissions_of
from totetaxi_core.staff.role import DEPARTMENT_OF, Role

OF_THE_DESK = {
    Permission.READ_BOOKINGS,
    Permission.CREATE_BOOKINGS,
    Permission.EDIT_BOOKINGS,
    Permission.SEND_PAYMENT_LINKS,
    Permission.READ_REFUNDS,
    Permission.REQUEST_REFUNDS,
    Permission.READ_CUSTOMERS,
    Permission.EDIT_CUSTOMERS,
    Permission.READ_MESSAGES,
    Permission.SEND_MESSAGES,
}


def test_given_the_table_when_read_then_every_permission_and_role_stands_there() -> None:
    assert GRANTS.keys() == set(Permission)
    assert DEPARTMENT_OF.keys() == set(Role)
    assert all(grant.meaning.endswith(".") for grant in GRANTS.values())


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMIN, set(Permission)),
        (Role.CUSTOMER_SERVICE, OF_THE_DESK),
        (Role.OPERATIONS, OF_THE_DESK | {Permission.RETRY_JOBS, Permission.MANAGE_WEBHOOKS}),
        (
            Role.LOGISTICS,
            {Permission.READ_BOOKINGS, Permission.REQUEST_REFUNDS, Permission.DISPATCH},
        ),
        (
            Role.FINANCE,
            {
                Permission.READ_BOOKINGS,
                Permission.REQUEST_REFUNDS,
                Permission.READ_REFUNDS,
                Permission.CONFIRM_IN_CASH,
                Permission.READ_PAYMENTS,
                Permission.VIEW_FINANCIAL_REPORTS,
            },
        ),
    ],
)
def test_given_a_role_without_flags_when_asked_then_it_may_this_and_nothing_else(
    role: Role, allowed: set[Permission]
) -> None:
    assert permissions_of(a_staff_account(role=role)) == allowed


@pytest.mark.parametrize(
    ("flag", "brought"),
    [
        (
            Flag.CAN_APPROVE_REFUNDS,
            {Permission.APPROVE_REFUNDS, Permission.READ_REFUNDS, Permission.CONFIRM_IN_CASH},
        ),
        (Flag.CAN_MANAGE_STAFF, {Permission.MANAGE_STAFF, Permission.READ_STAFF_ACTS}),
        (
            Flag.CAN_VIEW_FINANCIAL_REPORTS,
            {Permission.READ_PAYMENTS, Permission.VIEW_FINANCIAL_REPORTS},
        ),
        (Flag.CAN_MANAGE_BLADE_SERVICES, {Permission.MANAGE_BLADE_SERVICES}),
        (Flag.CAN_VIEW_CUSTOMER_ANALYTICS, {Permission.VIEW_CUSTOMER_ANALYTICS}),
        (Flag.CAN_EXPORT_FINANCIAL_DATA, {Permission.EXPORT_FINANCIAL_DATA}),
        (Flag.CAN_MANAGE_PRICING, {Permission.MANAGE_PRICING}),
        (Flag.CAN_MANAGE_SCHEDULE, {Permission.MANAGE_SCHEDULE}),
    ],
)
def test_given_a_flag_when_asked_then_it_brings_this_to_any_role(
    flag: Flag, brought: set[Permission]
) -> None:
    plain = a_staff_account(role=Role.LOGISTICS)
    flagged = a_staff_account(role=Role.LOGISTICS, flags=frozenset({flag}))

    assert permissions_of(flagged) - permissions_of(plain) == brought


def test_given_a_disabled_admin_when_asked_then_nothing_is_allowed() -> None:
    account = a_staff_account(role=Role.ADMIN, flags=frozenset(Flag), is_active=False)

    assert not any(may(account, permission) for permission in Permission)
