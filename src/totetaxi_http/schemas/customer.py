"""Customers, on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.customers.customer import Customer, PreferredPickupTime
from totetaxi_core.money import dollars


@attrs.frozen(kw_only=True)
class CustomerProfileResponse:
    """A customer; the totals are net of what was paid back, in US cents.

    `phone` is empty until it is told.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "1d2c3b4a-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "full_name": "Ada Lovelace",
        "phone": "+12125550123",
        "total_bookings": 2,
        "total_spent_cents": 198_000,
        "total_spent_dollars": "1980.00",
        "last_booking_at": "2026-11-23T15:00:00Z",
        "preferred_pickup_time": "mid_morning",
        "email_notifications": True,
        "sms_notifications": False,
        "is_vip": False,
        "created_at": "2026-01-05T14:00:00Z",
        "updated_at": "2026-11-23T15:00:00Z",
    }

    id: UUID
    email: str
    first_name: str
    last_name: str
    full_name: str
    phone: str
    total_bookings: int
    total_spent_cents: int
    total_spent_dollars: str
    last_booking_at: datetime | None
    preferred_pickup_time: PreferredPickupTime
    email_notifications: bool
    sms_notifications: bool
    is_vip: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_customer(cls, customer: Customer) -> Self:
        return cls(
            id=customer.id,
            email=customer.email,
            first_name=customer.first_name,
            last_name=customer.last_name,
            full_name=customer.full_name,
            phone=customer.phone,
            total_bookings=customer.total_bookings,
            total_spent_cents=customer.total_spent_cents,
            total_spent_dollars=dollars(customer.total_spent_cents),
            last_booking_at=customer.last_booking_at,
            preferred_pickup_time=customer.preferred_pickup_time,
            email_notifications=customer.email_notifications,
            sms_notifications=customer.sms_notifications,
            is_vip=customer.is_vip,
            created_at=customer.created_at,
            updated_at=customer.updated_at,
        )
