"""The customers that the payment provider keeps, and the cards attached to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from totetaxi_adapters.memory.cards import CARDS, Card
from totetaxi_core.customers.card_gateway import (
    CardNotFoundError,
    CustomerOrder,
    ProviderCard,
    SetupIntent,
    SetupStatus,
)
from totetaxi_core.ids import IdSource

EXPIRY_MONTH: Final = 12
EXPIRY_YEAR: Final = 2034
SETTABLE: Final = frozenset({SetupStatus.REQUIRES_PAYMENT_METHOD, SetupStatus.REQUIRES_ACTION})

Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCard:
    """A card as it was presented, and how the provider shows it."""

    card: Card
    shown: ProviderCard


class CardWallet:
    """Customers, cards and setup intents by id, oldest first; `tell` owes an event."""

    def __init__(self, *, ids: IdSource, tell: Tell) -> None:
        self._ids, self._tell = ids, tell
        self._customers: dict[str, CustomerOrder] = {}
        self._setups: dict[str, SetupIntent] = {}
        self._presented: dict[str, Card] = {}
        self._saved: dict[str, SavedCard] = {}

    def customers(self) -> dict[str, CustomerOrder]:
        """Return every customer there is, by its id."""
        return dict(self._customers)

    def add_customer(self, order: CustomerOrder) -> str:
        customer_id = self._new_id("cus")
        self._customers[customer_id] = order
        return customer_id

    def require_customer(self, customer_id: str) -> None:
        """Refuse a customer that is not there.

        Raises:
            CardNotFoundError: it never was, or was deleted.
        """
        if customer_id not in self._customers:
            raise CardNotFoundError(f"there is no customer {customer_id}")

    def delete_customer(self, customer_id: str) -> None:
        if self._customers.pop(customer_id, None) is None:
            return
        for saved in self.of_customer(customer_id):
            self._attach(saved.id, None)
        self._tell("customer.deleted", customer_id)

    def add_setup(self, customer_id: str) -> str:
        self.require_customer(customer_id)
        setup_id = self._new_id("seti")
        self._setups[setup_id] = SetupIntent(
            id=setup_id,
            status=SetupStatus.REQUIRES_PAYMENT_METHOD,
            client_secret=f"{setup_id}_secret_{self._ids.new_id().hex}",
            stripe_customer_id=customer_id,
            stripe_payment_method_id=None,
        )
        return setup_id

    def setup(self, setup_id: str) -> SetupIntent:
        """Return the setup intent.

        Raises:
            CardNotFoundError: there is none.
        """
        if setup_id not in self._setups:
            raise CardNotFoundError(f"there is no setup intent {setup_id}")
        return self._setups[setup_id]

    def confirm_setup(self, setup_id: str, card_number: str) -> SetupIntent:
        """Present a card and return how the setup stands; a decline only shows in it.

        Raises:
            ValueError: the setup takes no more cards, or the card is not in `cards`.
        """
        setup, card = self.setup(setup_id), CARDS.get(card_number)
        if setup.status not in SETTABLE or card is None:
            raise ValueError(f"{card_number} cannot be saved by a setup that is {setup.status}")
        self._presented[setup_id] = card
        if card.setup is SetupStatus.SUCCEEDED:
            return self._succeed(setup, card)
        return self._keep(replace(setup, status=card.setup))

    def decide_setup(self, setup_id: str, *, approve: bool) -> SetupIntent:
        """End a setup's wait for its payer's approval.

        Raises:
            ValueError: it waits for none.
        """
        setup = self.setup(setup_id)
        if setup.status is not SetupStatus.REQUIRES_ACTION:
            raise ValueError(f"a setup that is {setup.status} waits for no approval")
        if approve:
            return self._succeed(setup, self._presented[setup_id])
        return self._keep(replace(setup, status=SetupStatus.REQUIRES_PAYMENT_METHOD))

    def shown(self, method_id: str) -> ProviderCard:
        """Return the card.

        Raises:
            CardNotFoundError: there is none.
        """
        if method_id not in self._saved:
            raise CardNotFoundError(f"there is no card {method_id}")
        return self._saved[method_id].shown

    def card_of(self, method_id: str, customer_id: str | None) -> Card | None:
        """Return the card if it is attached to this customer."""
        saved = self._saved.get(method_id)
        if saved is None or customer_id is None or saved.shown.stripe_customer_id != customer_id:
            return None
        return saved.card

    def of_customer(self, customer_id: str) -> tuple[ProviderCard, ...]:
        """Return the cards attached to the customer, newest first."""
        every = (saved.shown for saved in self._saved.values())
        return tuple(shown for shown in every if shown.stripe_customer_id == customer_id)[::-1]

    def detach(self, method_id: str) -> None:
        """Detach the card for ever; one that is detached or not there is fine."""
        saved = self._saved.get(method_id)
        if saved is None or saved.shown.stripe_customer_id is None:
            return
        self._attach(method_id, None)
        self._tell("payment_method.detached", saved.shown.stripe_customer_id)

    def _succeed(self, setup: SetupIntent, card: Card) -> SetupIntent:
        method_id = self._new_id("pm")
        shown = ProviderCard(
            id=method_id,
            stripe_customer_id=setup.stripe_customer_id,
            brand=card.brand,
            last_four=card.last_four,
            exp_month=EXPIRY_MONTH,
            exp_year=EXPIRY_YEAR,
        )
        self._saved[method_id] = SavedCard(card=card, shown=shown)
        done = replace(setup, status=SetupStatus.SUCCEEDED, stripe_payment_method_id=method_id)
        self._tell("setup_intent.succeeded", setup.stripe_customer_id or "")
        return self._keep(done)

    def _attach(self, method_id: str, customer_id: str | None) -> None:
        saved = self._saved[method_id]
        shown = replace(saved.shown, stripe_customer_id=customer_id)
        self._saved[method_id] = replace(saved, shown=shown)

    def _keep(self, setup: SetupIntent) -> SetupIntent:
        self._setups[setup.id] = setup
        return setup

    def _new_id(self, prefix: str) -> str:
        return f"{prefix}_{self._ids.new_id().hex}"
