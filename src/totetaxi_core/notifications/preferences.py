"""What customers may turn off. Source: docs/messages.md, "What can be turned off"."""

from typing import Final

from totetaxi_core.customers.customer import Customer
from totetaxi_core.notifications.message import MessageKind

OPTIONAL: Final = frozenset(
    {
        MessageKind.REMINDER,
        MessageKind.DRIVER_ON_THE_WAY,
        MessageKind.DELIVERED,
        MessageKind.VIP_STATUS,
    }
)
"""What is no word about money, a booking's terms or access to an account: those always go."""


def wants_mail(kind: MessageKind, account: Customer | None) -> bool:
    """Tell whether a mail of this kind goes out; guests have turned nothing off."""
    return kind not in OPTIONAL or account is None or account.email_notifications


def text_number(account: Customer | None) -> str:
    """Return the number of whoever asked for text messages; empty where nobody did."""
    return account.phone if account is not None and account.sms_notifications else ""
