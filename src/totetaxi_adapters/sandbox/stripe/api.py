"""The Stripe API's HTTP face: an ASGI application, so that an answer can really be dropped."""

import base64
import binascii
import json
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

import stripe
from litestar.types import HTTPScope, Receive, Send

from totetaxi_adapters.sandbox.calls import (
    Call,
    Reply,
    answer_with_faults,
    read_call,
    send_reply,
)
from totetaxi_adapters.sandbox.faults import Action, FaultRule
from totetaxi_adapters.sandbox.stripe import idempotency
from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.customers import (
    create_customer,
    delete_customer,
    list_of_customer,
    retrieve_customer,
    update_customer,
)
from totetaxi_adapters.sandbox.stripe.disputes import list_disputes, retrieve_dispute
from totetaxi_adapters.sandbox.stripe.form import parse_form
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.intents import (
    cancel_intent,
    list_intents,
    retrieve_intent,
)
from totetaxi_adapters.sandbox.stripe.own_account import list_endpoints, show_balance
from totetaxi_adapters.sandbox.stripe.parameters import Parameters
from totetaxi_adapters.sandbox.stripe.paying import confirm_intent, create_intent
from totetaxi_adapters.sandbox.stripe.payment_methods import detach_method, retrieve_method
from totetaxi_adapters.sandbox.stripe.refunds import (
    create_refund,
    list_refunds,
    retrieve_charge,
    retrieve_refund,
)
from totetaxi_adapters.sandbox.stripe.refusal import (
    NOT_FOUND,
    SERVER_ERROR,
    TOO_MANY_REQUESTS,
    Answer,
    StripeRefusal,
    invalid_request,
    unauthorized,
)
from totetaxi_adapters.sandbox.stripe.sandbox import StripeSandbox
from totetaxi_adapters.sandbox.stripe.sessions import (
    create_session,
    expire_session,
    retrieve_session,
    with_address,
)
from totetaxi_adapters.sandbox.stripe.setup_intents import (
    confirm_setup,
    create_setup,
    retrieve_setup,
)

Handler: TypeAlias = Callable[[Account, Parameters, str], Awaitable[Answer]]

TEST_KEY: Final = re.compile(r"sk_test_\w+", re.ASCII)
MAX_KEY_LENGTH: Final = 255
ID: Final = r"([A-Za-z0-9_]+)"

logger = logging.getLogger(__name__)


class StripeApi:
    """Answers `/v1/…`, mounted there: the scope's path is what follows."""

    def __init__(self, sandbox: StripeSandbox) -> None:
        self._sandbox = sandbox
        refund = partial(create_refund, settle_s=sandbox.settings.refund_settle_s)
        self._routes: tuple[tuple[str, re.Pattern[str], Handler], ...] = (
            ("POST", re.compile("/v1/payment_intents"), create_intent),
            ("GET", re.compile("/v1/payment_intents"), list_intents),
            ("GET", re.compile(f"/v1/payment_intents/{ID}"), retrieve_intent),
            ("POST", re.compile(f"/v1/payment_intents/{ID}/cancel"), cancel_intent),
            ("POST", re.compile(f"/v1/payment_intents/{ID}/confirm"), confirm_intent),
            ("POST", re.compile("/v1/refunds"), refund),
            ("GET", re.compile("/v1/refunds"), list_refunds),
            ("GET", re.compile(f"/v1/refunds/{ID}"), retrieve_refund),
            ("GET", re.compile(f"/v1/charges/{ID}"), retrieve_charge),
            ("POST", re.compile("/v1/checkout/sessions"), create_session),
            ("GET", re.compile(f"/v1/checkout/sessions/{ID}"), retrieve_session),
            ("POST", re.compile(f"/v1/checkout/sessions/{ID}/expire"), expire_session),
            ("POST", re.compile("/v1/customers"), create_customer),
            ("GET", re.compile(f"/v1/customers/{ID}"), retrieve_customer),
            ("POST", re.compile(f"/v1/customers/{ID}"), update_customer),
            ("DELETE", re.compile(f"/v1/customers/{ID}"), delete_customer),
            ("GET", re.compile(f"/v1/customers/{ID}/payment_methods"), list_of_customer),
            ("POST", re.compile("/v1/setup_intents"), create_setup),
            ("GET", re.compile(f"/v1/setup_intents/{ID}"), retrieve_setup),
            ("POST", re.compile(f"/v1/setup_intents/{ID}/confirm"), confirm_setup),
            ("GET", re.compile(f"/v1/payment_methods/{ID}"), retrieve_method),
            ("POST", re.compile(f"/v1/payment_methods/{ID}/detach"), detach_method),
            ("GET", re.compile("/v1/disputes"), list_disputes),
            ("GET", re.compile(f"/v1/disputes/{ID}"), retrieve_dispute),
            ("GET", re.compile("/v1/balance"), show_balance),
            ("GET", re.compile("/v1/webhook_endpoints"), list_endpoints),
        )

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        call = await read_call(scope, receive, prefix="/v1", request_id=new_id("request"))
        if "\0" in call.path:
            refusal = _unknown_url(call)
            await send_reply(send, _reply(refusal.answer, {"request-id": call.request_id}))
            return
        fault = await self._sandbox.take_fault(call.method, call.path)

        async def answer() -> Reply:
            return _reply(*await self._answer(call, fault))

        await answer_with_faults(send, fault, answer)

    async def _answer(self, call: Call, fault: FaultRule | None) -> tuple[Answer, dict[str, str]]:
        headers = {"request-id": call.request_id, "stripe-version": stripe.api_version}
        try:
            _authenticate(call.headers.get("authorization", ""))
            if fault and fault.action is Action.REFUSE:
                return _refused(fault.status), headers
            answer, repeated = await self._execute(call)
        except StripeRefusal as refusal:
            return refusal.answer, headers
        except Exception:
            logger.exception("the Stripe sandbox failed at %s %s", call.method, call.path)
            return _refused(SERVER_ERROR), headers
        return answer, headers | ({"idempotent-replayed": "true"} if repeated else {})

    async def _execute(self, call: Call) -> tuple[Answer, bool]:
        handler, subject = self._route(call)
        form = parse_form(call.body if call.method == "POST" else call.query)
        key = call.headers.get("idempotency-key") if call.method == "POST" else None
        if key is not None and not 1 <= len(key) <= MAX_KEY_LENGTH:
            raise invalid_request("Idempotency keys have 1 to 255 characters.")
        answer, repeated = await self._sandbox.execute(
            lambda account: handler(account, Parameters(form), subject),
            request_id=call.request_id,
            key=key,
            mark=idempotency.fingerprint(call.path, form),
        )
        return with_address(answer, host=call.headers.get("host", "")), repeated

    def _route(self, call: Call) -> tuple[Handler, str]:
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(call.path)
            if match and method == call.method:
                return handler, match[1] if match.groups() else ""
        raise _unknown_url(call)


def _unknown_url(call: Call) -> StripeRefusal:
    message = f"Unrecognized request URL ({call.method}: {call.path})."
    return invalid_request(message, status=NOT_FOUND)


def _authenticate(authorization: str) -> None:
    """Check the form of the key, sent as a bearer token or as a basic user name."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(credentials, validate=True).decode("ascii", "replace")
        except binascii.Error:
            decoded = ""
        credentials = decoded.partition(":")[0]
    if not credentials:
        raise unauthorized("You did not provide an API key.")
    if not TEST_KEY.fullmatch(credentials):
        raise unauthorized(f"Invalid API Key provided: {credentials[:8]}***")


def _refused(status: int) -> Answer:
    if status == TOO_MANY_REQUESTS:
        error = {
            "type": "invalid_request_error",
            "code": "rate_limit",
            "message": "Too many requests hit the API too quickly.",
        }
    else:
        error = {"type": "api_error", "message": "An unknown error occurred."}
    return Answer(status, {"error": error})


def _reply(answer: Answer, headers: dict[str, str]) -> Reply:
    headers = headers | {"content-type": "application/json"}
    return Reply(status=answer.status, headers=headers, body=json.dumps(answer.body).encode())
