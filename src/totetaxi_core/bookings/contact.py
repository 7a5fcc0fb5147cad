"""Who booked without an account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestContact:
    """`email` as typed; compare by `email_key`. `phone` is E.164."""

    first_name: str
    last_name: str
    email: str
    phone: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email_key(self) -> str:
        return self.email.strip().lower()
