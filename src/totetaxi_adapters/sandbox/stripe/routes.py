"""The sandbox's routes: the API itself, the pages, the calls for programs, the fault plan."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import attrs
from litestar import MediaType, Response, Router, asgi, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_201_CREATED, HTTP_303_SEE_OTHER
from litestar.types import Receive, Scope, Send

from totetaxi_adapters.sandbox.faults import read_plan
from totetaxi_adapters.sandbox.page_calls import Body, PlainRequest, is_form, read_body
from totetaxi_adapters.sandbox.stripe.api import StripeApi
from totetaxi_adapters.sandbox.stripe.pages import (
    PREFIX,
    checkout_page,
    pay_page,
    payments_page,
)
from totetaxi_adapters.sandbox.stripe.refusal import (
    Answer,
    Json,
    StripeRefusal,
    invalid_request,
)
from totetaxi_adapters.sandbox.stripe.sandbox import StripeSandbox


@attrs.frozen(kw_only=True)
class PayRequest:
    """What to pay: an intent, or a Checkout session. The card is its number, spaces allowed."""

    card: str
    payment_intent_id: str | None = None
    checkout_session_id: str | None = None


@attrs.frozen(kw_only=True)
class SetupRequest:
    """The card to save is its number, spaces allowed."""

    setup_intent_id: str
    card: str


@attrs.frozen(kw_only=True)
class AuthenticateRequest:
    """What waits for its payer's approval: one of the two."""

    outcome: Literal["approve", "deny"]
    payment_intent_id: str | None = None
    setup_intent_id: str | None = None


@attrs.frozen(kw_only=True)
class CloseDisputeRequest:
    dispute_id: str
    outcome: Literal["won", "lost"]


@get("/", media_type=MediaType.HTML)
async def list_payments(stripe_sandbox: NamedDependency[StripeSandbox]) -> str:
    """Show the newest payment intents."""
    return payments_page(await stripe_sandbox.latest_intents())


@get("/pay/{payment_intent_id:str}", media_type=MediaType.HTML)
async def show_payment(
    payment_intent_id: FromPath[str], stripe_sandbox: NamedDependency[StripeSandbox]
) -> str:
    """Show one payment intent with the cards to pay it."""
    intent = await stripe_sandbox.find_intent(payment_intent_id)
    return pay_page(intent, disputes=await stripe_sandbox.disputes_of(payment_intent_id))


@post("/pay")
async def pay(
    request: PlainRequest, stripe_sandbox: NamedDependency[StripeSandbox]
) -> Response[Any]:
    """Pay with a test card, from a page (a form) or from a program (JSON)."""
    body = await _read(request, PayRequest)
    intent_id, session_id = body.payment_intent_id, body.checkout_session_id
    if intent_id and not session_id:
        return await _outcome(
            request, intent_id, lambda: stripe_sandbox.pay(intent_id, card_number=body.card)
        )
    if session_id and not intent_id:
        answer = await stripe_sandbox.pay_session(session_id, card_number=body.card)
        return _session_outcome(request, session_id, answer)
    raise invalid_request("Name one of payment_intent_id and checkout_session_id.")


@get("/checkout/{session_id:str}", media_type=MediaType.HTML)
async def show_session(
    session_id: FromPath[str], stripe_sandbox: NamedDependency[StripeSandbox]
) -> str:
    """Show the page of a Checkout session, where its payer is sent."""
    session = await stripe_sandbox.find_session(session_id)
    intent_id = session["payment_intent"]
    return checkout_page(
        session, await stripe_sandbox.find_intent(intent_id) if intent_id else None
    )


@post("/authenticate")
async def authenticate(
    request: PlainRequest, stripe_sandbox: NamedDependency[StripeSandbox]
) -> Response[Any]:
    """Approve or deny what an intent, or a setup intent, waits for."""
    body = await _read(request, AuthenticateRequest)
    intent_id, setup_id = body.payment_intent_id, body.setup_intent_id
    approve = body.outcome == "approve"
    if intent_id and not setup_id:
        return await _outcome(
            request, intent_id, lambda: stripe_sandbox.decide(intent_id, approve=approve)
        )
    if setup_id and not intent_id:
        return _setup_outcome(
            setup_id, await stripe_sandbox.decide_setup(setup_id, approve=approve)
        )
    raise invalid_request("Name one of payment_intent_id and setup_intent_id.")


@post("/setup")
async def set_up(
    request: PlainRequest, stripe_sandbox: NamedDependency[StripeSandbox]
) -> Response[Any]:
    """Save a test card, as the customer's browser would."""
    body = await _read(request, SetupRequest)
    answer = await stripe_sandbox.set_up(body.setup_intent_id, card_number=body.card)
    return _setup_outcome(body.setup_intent_id, answer)


@post("/disputes/close")
async def close_dispute(
    request: PlainRequest, stripe_sandbox: NamedDependency[StripeSandbox]
) -> Response[Any]:
    """Let the bank decide a dispute, from the page (a form) or from a program (JSON)."""
    body = await _read(request, CloseDisputeRequest)
    answer = await stripe_sandbox.close_dispute(body.dispute_id, won=body.outcome == "won")
    dispute = answer.body
    if "error" in dispute:
        return _respond(answer)
    if is_form(request):
        intent_id = dispute["payment_intent"]
        return Redirect(f"{PREFIX}/pay/{intent_id}", status_code=HTTP_303_SEE_OTHER)
    facts = {"dispute_id": dispute["id"], "status": dispute["status"]}
    return _respond(Answer(answer.status, facts))


@post("/faults")
async def add_faults(
    request: PlainRequest, stripe_sandbox: NamedDependency[StripeSandbox]
) -> Response[Any]:
    """Add rules to the fault plan; the body is a list of them."""
    try:
        rules = read_plan(json.loads(await request.body()))
    except (ValueError, RecursionError) as error:
        raise invalid_request(f"Invalid fault plan: {error}") from error
    return Response(
        {"faults": await stripe_sandbox.add_faults(rules)}, status_code=HTTP_201_CREATED
    )


@delete("/faults")
async def clear_faults(stripe_sandbox: NamedDependency[StripeSandbox]) -> None:
    """Empty the fault plan and let go what it held."""
    await stripe_sandbox.clear_faults()


def stripe_sandbox_router(sandbox: StripeSandbox) -> Router:
    """Return the routes below `/sandbox/stripe`. `sandbox.running()` must be entered meanwhile."""
    api = StripeApi(sandbox)

    @asgi("/v1", is_mount=True, copy_scope=True)
    async def mounted_api(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)  # type: ignore[arg-type]  # a mount sees HTTP alone

    return Router(
        path=PREFIX,
        route_handlers=[
            mounted_api,
            list_payments,
            show_payment,
            show_session,
            pay,
            authenticate,
            set_up,
            close_dispute,
            add_faults,
            clear_faults,
        ],
        dependencies={"stripe_sandbox": Provide(lambda: sandbox, sync_to_thread=False)},
        exception_handlers={StripeRefusal: _refuse},
        include_in_schema=False,
    )


def _refuse(_: PlainRequest, refusal: StripeRefusal) -> Response[Json]:
    return _respond(refusal.answer)


def _respond(answer: Answer) -> Response[Json]:
    return Response(_without_secrets(answer.body), status_code=answer.status)


async def _read(request: PlainRequest, kind: type[Body]) -> Body:
    """Read a JSON body, or a form's.

    Raises:
        StripeRefusal: it is not what the route takes.
    """
    try:
        return await read_body(request, kind)
    except ValueError as error:
        raise invalid_request(f"Invalid body: {error}") from error


async def _outcome(
    request: PlainRequest, intent_id: str, act: Callable[[], Awaitable[Answer]]
) -> Response[Any]:
    """Act; send a browser back to the page, tell a program how the intent stands."""
    answer = await act()
    error: Json | None = answer.body.get("error")
    if is_form(request) and (error is None or "payment_intent" in error):
        return Redirect(f"{PREFIX}/pay/{intent_id}", status_code=HTTP_303_SEE_OTHER)
    return _tell(answer, payment_intent_id=intent_id)


def _setup_outcome(setup_id: str, answer: Answer) -> Response[Any]:
    """Tell how the setup intent stands, and which card it saved."""
    error: Json | None = answer.body.get("error")
    setup: Json = answer.body if error is None else error.get("setup_intent", {})
    facts = {"setup_intent_id": setup_id, "status": setup.get("status"), "error": error}
    facts |= {"payment_method_id": setup.get("payment_method")}
    told = {name: value for name, value in facts.items() if value is not None}
    return _respond(Answer(answer.status, told))


def _session_outcome(request: PlainRequest, session_id: str, answer: Answer) -> Response[Any]:
    error: Json | None = answer.body.get("error")
    if is_form(request) and (error is None or "payment_intent" in error):
        return Redirect(f"{PREFIX}/checkout/{session_id}", status_code=HTTP_303_SEE_OTHER)
    intent: Json = answer.body if error is None else error.get("payment_intent", {})
    return _tell(answer, checkout_session_id=session_id, payment_intent_id=intent.get("id"))


def _tell(answer: Answer, **ids: str | None) -> Response[Any]:
    """Tell a program how the intent stands."""
    error: Json | None = answer.body.get("error")
    intent: Json = answer.body if error is None else error.get("payment_intent", {})
    facts = {**ids, "status": intent.get("status"), "error": error}
    told = {name: value for name, value in facts.items() if value is not None}
    return _respond(Answer(answer.status, told))


def _without_secrets(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Leave out client secrets, which are for the paying browser alone."""
    if isinstance(value, dict):
        return {
            name: _without_secrets(inner)
            for name, inner in value.items()
            if name != "client_secret"
        }
    return value
