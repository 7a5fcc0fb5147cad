"""Whom a booking is for, as they said when it was made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`email` as typed; compare by `email_key`. `phone` is E.164.

    Whoever deleted their account leaves a contact behind of which nothing is left.
    """

    first_name: str
    last_name: str
    email: str
    phone: str

    @property
    def is_erased(self) -> bool:
        return not self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email_key(self) -> str:
        return self.email.strip().lower()
