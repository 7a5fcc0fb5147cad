import json
import time
from typing import Any

import pytest
import stripe

from totetaxi_adapters.stripe import StripeEventReader
from totetaxi_core.payments.gateway import (
    PaymentMisconfiguredError,
    WebhookSignatureError,
)

SECRET = "whsec_test"
READER = StripeEventReader(SECRET, livemode=False)
INTENT = {"id": "pi_1", "object": "payment_intent"}
CHARGE = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}
REFUND = {"id": "re_1", "object": "refund", "payment_intent": "pi_1"}
NOTHING = (None, None, None)
DISPUTE = {"id": "dp_1", "object": "dispute", "payment_intent": {"id": "pi_1"}}


def event_body(kind: str, subject: dict[str, Any], **changes: object) -> str:
    event = {"id": "evt_1", "type": kind, "livemode": False, "data": {"object": subject}}
    return json.dumps(event | changes)


def signed(body: str, *, secret: str = SECRET, age_s: int = 0) -> str:
    at = int(time.time()) - age_s
    header: str = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return header


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("setup_intent.succeeded", {"object": {"id": "seti_1", "customer": "cus_1"}}),
        ("customer.deleted", {"object": {"id": "cus_1"}}),
        (
            "payment_method.detached",
            {
                "object": {"id": "pm_1", "customer": None},
                "previous_attributes": {"customer": "cus_1"},
            },
        ),
    ],
)
def test_given_an_event_of_saved_cards_when_read_then_it_names_their_customer(
    kind: str, data: dict[str, Any]
) -> None:
    body = event_body(kind, {}, data=data)

    read = READER.read(body.encode(), signed(body))

    assert read.stripe_customer_id == "cus_1"
    assert (read.intent_id, read.session_id) == (None, None)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("setup_intent.setup_failed", {"object": {"id": "seti_1", "customer": "cus_1"}}),
        ("setup_intent.succeeded", {"object": {"id": "seti_1", "customer": None}}),
        ("payment_method.detached", {"object": {"id": "pm_1", "customer": None}}),
        ("customer.updated", {"object": {"id": "cus_1"}}),
    ],
)
def test_given_an_event_that_changes_no_saved_card_when_read_then_it_names_nobody(
    kind: str, data: dict[str, Any]
) -> None:
    body = event_body(kind, {}, data=data)

    assert READER.read(body.encode(), signed(body)).stripe_customer_id is None


@pytest.mark.parametrize(
    ("kind", "subject", "named"),
    [
        ("payment_intent.succeeded", INTENT, ("pi_1", None, None)),
        ("payment_intent.created", INTENT, ("pi_1", None, None)),
        ("payment_intent.unheard_of", INTENT, ("pi_1", None, None)),
        ("charge.refunded", CHARGE, ("pi_1", None, None)),
        ("charge.refunded", CHARGE | {"payment_intent": None}, NOTHING),
        ("charge.refund.updated", REFUND, (None, "re_1", None)),
        ("refund.created", REFUND, (None, "re_1", None)),
        ("refund.failed", REFUND, (None, "re_1", None)),
        ("charge.dispute.created", DISPUTE, (None, None, "dp_1")),
        ("charge.dispute.updated", DISPUTE, (None, None, "dp_1")),
        ("charge.dispute.funds_withdrawn", DISPUTE, (None, None, "dp_1")),
        ("charge.dispute.funds_reinstated", DISPUTE, (None, None, "dp_1")),
        ("charge.dispute.closed", DISPUTE, (None, None, "dp_1")),
        ("customer.created", {"id": "cus_1"}, NOTHING),
        ("charge.succeeded", CHARGE, NOTHING),
    ],
)
def test_given_a_signed_event_when_read_then_it_names_what_it_is_about(
    kind: str, subject: dict[str, Any], named: tuple[str | None, str | None, str | None]
) -> None:
    body = event_body(kind, subject)

    read = READER.read(body.encode(), signed(body))

    assert (read.id, read.kind) == ("evt_1", kind)
    assert (read.intent_id, read.provider_refund_id, read.provider_dispute_id) == named
    assert read.is_of_new_intent is (kind == "payment_intent.created")


@pytest.mark.parametrize(
    "kind", ["completed", "expired", "async_payment_succeeded", "async_payment_failed"]
)
def test_given_an_event_of_a_session_when_read_then_it_names_the_session_alone(kind: str) -> None:
    body = event_body(f"checkout.session.{kind}", {"id": "cs_1", "payment_intent": "pi_1"})

    read = READER.read(body.encode(), signed(body))

    assert read.session_id == "cs_1"
    assert (read.intent_id, read.provider_refund_id, read.provider_dispute_id) == NOTHING


def test_given_an_event_of_five_minutes_ago_when_read_then_only_a_younger_one_is_taken() -> None:
    body = event_body("payment_intent.succeeded", INTENT)

    young = READER.read(body.encode(), signed(body, age_s=290))

    assert young.id == "evt_1"
    with pytest.raises(WebhookSignatureError, match="tolerance"):
        READER.read(body.encode(), signed(body, age_s=302))


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=00", "t=x,v1=00", "t=1700000000,v1=00", "t=1,v1=é", "nonsense"]
)
def test_given_no_signature_of_stripes_when_read_then_it_is_refused(header: str) -> None:
    body = event_body("payment_intent.succeeded", INTENT)

    with pytest.raises(WebhookSignatureError):
        READER.read(body.encode(), header)


def test_given_another_secret_or_another_body_when_read_then_it_is_refused() -> None:
    body = event_body("payment_intent.succeeded", INTENT)

    with pytest.raises(WebhookSignatureError):
        READER.read(body.encode(), signed(body, secret="whsec_other"))
    with pytest.raises(WebhookSignatureError):
        READER.read(body.replace("pi_1", "pi_2").encode(), signed(body))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        "{}",
        "[" * 100_000,
        event_body("payment_intent.succeeded", INTENT, id=5),
        event_body("payment_intent.succeeded", INTENT, type=None),
        event_body("payment_intent.succeeded", INTENT, livemode="false"),
        event_body("payment_intent.succeeded", INTENT, data=None),
        event_body("payment_intent.succeeded", INTENT, data={"object": 5}),
    ],
)
def test_given_a_signed_body_that_is_no_event_when_read_then_it_is_refused(body: str) -> None:
    signature = signed(body)

    with pytest.raises(WebhookSignatureError):
        READER.read(body.encode(), signature)


def test_given_bytes_that_are_no_text_when_read_then_they_are_refused() -> None:
    with pytest.raises(WebhookSignatureError):
        READER.read(b"\xff\xfe", "t=1,v1=00")


@pytest.mark.parametrize("ours", [True, False])
def test_given_an_event_of_the_other_mode_when_read_then_it_is_refused(ours: bool) -> None:  # noqa: FBT001  the mode is the case
    body = event_body("payment_intent.succeeded", INTENT, livemode=not ours)

    with pytest.raises(WebhookSignatureError, match="other mode"):
        StripeEventReader(SECRET, livemode=ours).read(body.encode(), signed(body))


def test_given_an_empty_secret_when_a_reader_is_made_then_it_is_misconfigured() -> None:
    with pytest.raises(PaymentMisconfiguredError):
        StripeEventReader(" ", livemode=False)
