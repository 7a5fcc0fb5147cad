"""Mailboxes that are thrown away after use: an account of one would be nobody's."""

from typing import Protocol

from totetaxi_core.refusal import FieldFault


class DisposableDomains(Protocol):
    """The mail domains that give a mailbox to anybody for a moment."""

    def include(self, domain: str) -> bool:
        """Tell whether this domain, in any case, or one above it is among them."""
        ...


def disposable_fault(email: str, disposable: DisposableDomains) -> FieldFault | None:
    """Return what is wrong with an address that nobody keeps; None if it may be one for long."""
    if not disposable.include(email.rpartition("@")[2]):
        return None
    return FieldFault(
        field="email",
        code="disposable_email",
        message="must be an address you keep, not one of a disposable mailbox",
    )
