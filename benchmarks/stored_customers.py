"""The accounts of a house that has been in use for years: each has the booking of its number."""

from hashlib import md5
from typing import Final

# The id says which customer it is; one in a hundred is a VIP.
CUSTOMERS: Final = """
INSERT INTO customers (id, email, first_name, last_name, phone, password_hash, created_at,
    updated_at, preferred_pickup_time, email_notifications, sms_notifications, total_bookings,
    total_spent_cents, is_vip, token_version)
SELECT md5('customer ' || n)::uuid, 'guest' || n || '@example.com', md5('first ' || n),
    md5('last ' || n), '+1212' || lpad(n::text, 7, '0'), 'hash', at, at, 'mid_morning', true,
    false, 1, CASE WHEN n %% 100 = 0 THEN 200000 ELSE 99500 END, n %% 100 = 0, 1
FROM generate_series(1, %(count)s::int) AS n,
LATERAL (SELECT now() - n * interval '1 min' AS at) AS made
"""


def email(number: int) -> str:
    """Return the address of a stored customer, counted from 1."""
    return f"guest{number}@example.com"


def last_name(number: int) -> str:
    """Return the last name of a stored customer, which nobody else has."""
    return md5(f"last {number}".encode(), usedforsecurity=False).hexdigest()
