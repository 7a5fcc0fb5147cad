"""Saved cards on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

import attrs

from totetaxi_core.customers.card_gateway import SetupIntent
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.save_cards import CardToSave
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.constraints import Text

CardName = Annotated[str, Text(max_length=100, pattern=r"pm_[A-Za-z0-9_]+")]
SetupName = Annotated[str, Text(max_length=100, pattern=r"seti_[A-Za-z0-9_]+")]


@attrs.frozen(kw_only=True)
class PaymentMethodResponse:
    """A saved card. Its number is at Stripe alone."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "7d1f0a52-9c3e-4b6d-8f21-3e5a9b7c4d10",
        "stripe_payment_method_id": "pm_1SXk2eFq8LmT4vWz",
        "card_brand": "visa",
        "card_last_four": "4242",
        "card_exp_month": 12,
        "card_exp_year": 2034,
        "display_name": "Visa ending in 4242",
        "is_default": True,
        "created_at": "2026-11-25T15:04:10Z",
    }

    id: UUID
    stripe_payment_method_id: str
    card_brand: str
    card_last_four: str
    card_exp_month: int
    card_exp_year: int
    display_name: str
    is_default: bool
    created_at: datetime

    @classmethod
    def from_method(cls, method: PaymentMethod) -> Self:
        return cls(
            id=method.id,
            stripe_payment_method_id=method.stripe_payment_method_id,
            card_brand=method.card_brand,
            card_last_four=method.card_last_four,
            card_exp_month=method.card_exp_month,
            card_exp_year=method.card_exp_year,
            display_name=method.display_name,
            is_default=method.is_default,
            created_at=method.created_at,
        )


@attrs.frozen(kw_only=True)
class SaveCardBody:
    """Stripe's id of the card, or of the setup intent that saved it: one of the two."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "setup_intent_id": "seti_1SXk2eFq8LmT4vWz",
        "is_default": True,
    }

    payment_method_id: CardName | None = None
    setup_intent_id: SetupName | None = None
    is_default: bool = False

    def to_card(self) -> CardToSave:
        """Return the card to save.

        Raises:
            InvalidInputError: neither is named, or both are.
        """
        if (self.payment_method_id is None) == (self.setup_intent_id is None):
            is_neither = self.payment_method_id is None
            fault = FieldFault(
                field="payment_method_id",
                code="missing" if is_neither else "conflicting",
                message="give this or setup_intent_id, one of the two",
            )
            raise InvalidInputError([fault])
        return CardToSave(
            stripe_payment_method_id=self.payment_method_id,
            setup_intent_id=self.setup_intent_id,
            is_default=self.is_default,
        )


@attrs.frozen(kw_only=True)
class ChooseDefaultBody:
    """Another card ceases to be the default; there is always one."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"is_default": True}

    is_default: Literal[True]


@attrs.frozen(kw_only=True)
class SetupIntentResponse:
    """What a browser needs to save a card; `publishable_key` is null if none is set."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "setup_intent_id": "seti_1SXk2eFq8LmT4vWz",
        "client_secret": "seti_1SXk2eFq8LmT4vWz_secret_c0Zt5RkYw1",
        "publishable_key": "pk_test_51SXk2eFq8LmT4vWz",
    }

    setup_intent_id: str
    client_secret: str
    publishable_key: str | None

    @classmethod
    def from_setup(cls, setup: SetupIntent, *, publishable_key: str | None) -> Self:
        return cls(
            setup_intent_id=setup.id,
            client_secret=setup.client_secret,
            publishable_key=publishable_key,
        )
