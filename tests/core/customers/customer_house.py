"""A house where customers get accounts and log in, and staff too."""

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from tests.builders import a_customer
from tests.core.staff.staffing import PASSWORD, StaffHouse
from totetaxi_core.accounts.credentials import InvalidCredentialsError
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.erasure import erased_account
from totetaxi_core.customers.log_in_customer import (
    CustomerLogin,
    SignedInCustomer,
    authenticate_customer,
    log_in_customer,
)
from totetaxi_core.customers.register_customer import NewCustomer, register_customer
from totetaxi_core.customers.reset_password import request_password_reset
from totetaxi_core.customers.verify_email import verify_email
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.staff.role import Role

EMAIL = "Ada.Customer@Example.com"
BETTER = "Better-horse-2"
WRONG = "Wrong-horse-1"
LINK = re.compile(r"https://totetaxi\.example/(verify-email|reset-password)\?token=(\S+)")


def a_new_customer(**changes: Any) -> NewCustomer:  # noqa: ANN401  as its fields
    facts: dict[str, Any] = {
        "email": EMAIL,
        "first_name": "Ada",
        "last_name": "Customer",
        "phone": "+12125550123",
        "password": PASSWORD,
    }
    return NewCustomer(**(facts | changes))


def a_customer_with_password(email: str = EMAIL) -> Customer:
    return a_customer(email=email, password_hash=sha256(PASSWORD.encode()).hexdigest())


class CustomerHouse(StaffHouse):
    """A house with quick passwords, whose every mail can be read."""

    async def take_in(self, customer: Customer | None = None) -> Customer:
        """Store a verified customer whose password is `PASSWORD`."""
        kept = customer or a_customer_with_password()
        async with self.ports.unit_of_work() as uow:
            await uow.customers.add(kept)
            await uow.commit()
        return kept

    async def register(self, **changes: Any) -> None:  # noqa: ANN401  any field
        await register_customer(a_new_customer(**changes), self.ports, self.credentials)

    async def verify(self, token: str) -> Customer:
        return await verify_email(token, self.ports, self.terms, self.credentials)

    async def ask_for_reset(self, email: str = EMAIL) -> None:
        await request_password_reset(email, self.ports, self.credentials)

    async def log_in_customer(self, email: str = EMAIL, password: str = PASSWORD) -> CustomerLogin:
        return await log_in_customer(email, password, self.ports, self.credentials)

    async def lets_in(self, password: str, email: str = EMAIL) -> bool:
        try:
            await self.log_in_customer(email, password)
        except InvalidCredentialsError:
            return False
        return True

    async def authenticate(self, access_token: str) -> SignedInCustomer:
        return await authenticate_customer(access_token, self.ports, self.credentials)

    async def mails(self, email: str = EMAIL) -> list[Message]:
        """Return what this address has got, newest first, once all that is owed was sent."""
        await self.work_off()
        async with self.ports.unit_of_work() as uow:
            return list(await uow.messages.to(email, limit=100))

    async def mailed_token(self, kind: MessageKind, email: str = EMAIL) -> str:
        """Return the token of the newest mail of this kind, as its reader has it."""
        newest = next(mail for mail in await self.mails(email) if mail.kind is kind)
        found = LINK.search(text_with_tokens(newest, self.terms))
        assert found is not None
        return found[2]

    async def erase(self, customer: Customer) -> None:
        """Leave of the account what is left of one that was deleted, and its version as it was."""
        gone = erased_account(customer, at=self.clock())
        async with self.ports.unit_of_work() as uow:
            await uow.customers.save(replace(gone, token_version=customer.token_version))
            await uow.commit()

    def customer(self, customer: Customer) -> Customer:
        """Return the account as it now stands."""
        return self.database.customers.rows[customer.id]


async def a_customer_house() -> CustomerHouse:
    """Return a house with an admin called root."""
    house = CustomerHouse()
    house.root = await house.hire("root", Role.ADMIN, by=None)
    return house
