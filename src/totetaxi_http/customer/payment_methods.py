"""The cards a customer has saved."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.list_cards import list_cards, look_up_card
from totetaxi_core.customers.save_cards import choose_default, remove_card, save_card
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.payment_method import (
    ChooseDefaultBody,
    PaymentMethodResponse,
    SaveCardBody,
    SetupIntentResponse,
)
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

ONE: Final = {"path_examples": {"payment_method_id": PaymentMethodResponse.EXAMPLE["id"]}}
NOT_FOUND: Final = (*REFUSALS, "payment_method_not_found")
AT_STRIPE: Final = ("payment_unavailable", "payment_misconfigured")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class PaymentMethodsQuery:
    """Which part of the list."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "50"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class PaymentMethodsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [PaymentMethodResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[PaymentMethodResponse, ...]
    next: str | None
    previous: str | None


@attrs.frozen(kw_only=True)
class CardRemovedResponse:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "The card is removed."}

    message: str = "The card is removed."


@get(
    "/payment-methods",
    dependencies={"asked": query_of(PaymentMethodsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def payment_methods(
    asked: FromQueryClass[PaymentMethodsQuery], request: Asking, state: ServiceState
) -> PaymentMethodsResponse:
    """List your saved cards, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await list_cards(
        customer_caller(request).customer.id,
        state.ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return PaymentMethodsResponse(
        results=tuple(PaymentMethodResponse.from_method(each) for each in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/payment-methods/setup-intent",
    status_code=200,
    opt={"rate_limit": "booking"},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "customer_not_found", "too_many_saved_cards", *AT_STRIPE)),
)
async def setup_intent(request: Asking, state: ServiceState) -> SetupIntentResponse:
    """Begin to save a card, of at most 20: Stripe's form in the browser goes on with the secret."""
    setup = await begin_setup(customer_caller(request).customer.id, state.ports)
    return SetupIntentResponse.from_setup(setup, publishable_key=state.publishable_key)


@post(
    "/payment-methods",
    status_code=201,
    opt={"rate_limit": "booking"},
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "card_setup_incomplete", *AT_STRIPE)),
)
async def payment_method_save(
    data: JSONBody[SaveCardBody], request: Asking, state: ServiceState
) -> PaymentMethodResponse:
    """Record a card that Stripe has saved for you; again, it is the same one.

    Your first card is the default in any case.
    """
    customer_id = customer_caller(request).customer.id
    return PaymentMethodResponse.from_method(
        await save_card(customer_id, data.to_card(), state.ports)
    )


@get(
    "/payment-methods/{payment_method_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def payment_method(
    payment_method_id: FromPath[UUID], request: Asking, state: ServiceState
) -> PaymentMethodResponse:
    """Show a saved card."""
    customer_id = customer_caller(request).customer.id
    return PaymentMethodResponse.from_method(
        await look_up_card(customer_id, payment_method_id, state.ports)
    )


@patch(
    "/payment-methods/{payment_method_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def payment_method_default(
    payment_method_id: FromPath[UUID],
    data: JSONBody[ChooseDefaultBody],  # noqa: ARG001  it can say one thing alone
    request: Asking,
    state: ServiceState,
) -> PaymentMethodResponse:
    """Make a card the default; the former one ceases to be it."""
    customer_id = customer_caller(request).customer.id
    return PaymentMethodResponse.from_method(
        await choose_default(customer_id, payment_method_id, state.ports)
    )


@delete(
    "/payment-methods/{payment_method_id:uuid}",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def payment_method_remove(
    payment_method_id: FromPath[UUID], request: Asking, state: ServiceState
) -> CardRemovedResponse:
    """Remove a card; if it was the default, your newest other one is that now."""
    await remove_card(customer_caller(request).customer.id, payment_method_id, state.ports)
    return CardRemovedResponse()
