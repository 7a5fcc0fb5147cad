"""Who has an account, or asked for one, and which cards are saved in it."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from totetaxi_adapters.simulation.choice import choose
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.registration import Registration

PASSWORD: Final = "Hamptons2026"  # noqa: S105  of people who do not exist
PLAIN: Final = "plain:"


@dataclass(slots=True)
class Holders:
    """What was last stored of them, by id, and the number of the step that made each."""

    accounts: dict[UUID, Customer] = field(default_factory=dict)
    registrations: dict[UUID, Registration] = field(default_factory=dict)
    cards: dict[UUID, PaymentMethod] = field(default_factory=dict)
    _made_in: dict[UUID, int] = field(default_factory=dict)

    def note(self, entity: object, number: int) -> None:
        """Note what that step has stored, if it is anything of an account."""
        if isinstance(entity, Customer):
            self.accounts[entity.id] = entity
        elif isinstance(entity, Registration):
            self.registrations[entity.id] = entity
        elif isinstance(entity, PaymentMethod):
            self.cards[entity.id] = entity
        else:
            return
        self._made_in.setdefault(entity.id, number)

    def an_account(self, draw: int, *, with_card: bool = False) -> Customer | None:
        """Choose an account; with every seventh draw maybe one that was deleted.

        `with_card`: one that has a card, if any has.
        """
        fit = [each for each in self.accounts.values() if each.deleted_at is None or not draw % 7]
        if with_card:
            fit = [each for each in fit if self.has_card(each.id)] or fit
        return choose(draw, fit, name=self._number)

    def a_registration(self, draw: int) -> Registration | None:
        return choose(draw, self.registrations.values(), name=self._number)

    def has_card(self, customer_id: UUID | None) -> bool:
        return any(
            each.customer_id == customer_id and each.is_active for each in self.cards.values()
        )

    def a_card(self, draw: int, customer_id: UUID) -> PaymentMethod | None:
        """Choose a card of the account; with every seventh draw maybe one that was removed."""
        fit = [
            each
            for each in self.cards.values()
            if each.customer_id == customer_id and (each.is_active or not draw % 7)
        ]
        return choose(draw, fit, name=self._number)

    def _number(self, entity: Customer | Registration | PaymentMethod) -> int:
        return self._made_in[entity.id]


class PlainPasswords:
    """Stand in for the hasher, which is slow by design."""

    async def hash(self, password: str) -> str:
        return PLAIN + password

    async def matches(self, password: str, password_hash: str | None) -> bool:
        return password_hash == PLAIN + password
