"""Leave given to one member of staff, beside what the role brings."""

from enum import StrEnum


class Flag(StrEnum):
    CAN_APPROVE_REFUNDS = "can_approve_refunds"
    CAN_MANAGE_STAFF = "can_manage_staff"
    CAN_VIEW_FINANCIAL_REPORTS = "can_view_financial_reports"
    CAN_MANAGE_BLADE_SERVICES = "can_manage_blade_services"
    CAN_VIEW_CUSTOMER_ANALYTICS = "can_view_customer_analytics"
    CAN_EXPORT_FINANCIAL_DATA = "can_export_financial_data"
    CAN_MANAGE_PRICING = "can_manage_pricing"
    CAN_MANAGE_SCHEDULE = "can_manage_schedule"
