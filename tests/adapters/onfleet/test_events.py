"""What Onfleet tells our webhook, and how we know that it is Onfleet."""

import hmac
import json
from hashlib import sha512

import pytest

from tests.adapters.onfleet.courier_orders import TASK
from totetaxi_adapters.onfleet import OnfleetEventReader
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierSignatureError,
)

SECRET = "aa" * 32
READER = OnfleetEventReader(SECRET)
# Made by hand once: a test that signs by itself would pass with the wrong key on both sides.
KNOWN_BODY = b'{"taskId": "abc"}'
KNOWN_SIGNATURE = (
    "d886510dd192feb322f716ae7f7d3e8f84d6313c7d692d7c748ac268d0c65fd3"
    "df797af2f8fd10c415cdc271eafee35f6dd7474d868596077eb61f685f3a1e9a"
)


def signed(body: bytes) -> str:
    return hmac.digest(bytes.fromhex(SECRET), body, sha512).hex()


def event_body(trigger: object, **changes: object) -> bytes:
    told = {
        "taskId": TASK,
        "workerId": None,
        "triggerId": trigger,
        "triggerName": "whatever",
        "time": 1_796_134_921_733,
        "data": {"task": {"id": TASK, "state": 3}},
    }
    return json.dumps(told | changes).encode()


def test_given_the_known_signature_when_read_then_it_is_accepted() -> None:
    read = READER.read(KNOWN_BODY, KNOWN_SIGNATURE)

    assert read.kind == "unreadable"
    assert read.onfleet_task_id is None


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (KNOWN_BODY + b" ", KNOWN_SIGNATURE),
        (KNOWN_BODY, ""),
        (KNOWN_BODY, KNOWN_SIGNATURE[:-1]),
        (KNOWN_BODY, KNOWN_SIGNATURE.upper()),
        (KNOWN_BODY, "é" * 128),
        (KNOWN_BODY, hmac.digest(SECRET.encode(), KNOWN_BODY, sha512).hex()),
    ],
)
def test_given_another_signature_when_read_then_it_is_refused(body: bytes, signature: str) -> None:
    with pytest.raises(CourierSignatureError) as caught:
        READER.read(body, signature)

    assert caught.value.code == "invalid_signature"


@pytest.mark.parametrize(
    ("trigger", "kind", "is_deletion"),
    [
        (0, "taskStarted", False),
        (3, "taskCompleted", False),
        (4, "taskFailed", False),
        (7, "taskUpdated", False),
        (8, "taskDeleted", True),
        (12, "taskDelayed", False),
    ],
)
def test_given_an_event_of_a_task_when_read_then_it_names_the_task(
    trigger: int, kind: str, *, is_deletion: bool
) -> None:
    body = event_body(trigger)

    read = READER.read(body, signed(body))

    assert (read.kind, read.onfleet_task_id, read.is_deletion) == (kind, TASK, is_deletion)
    assert read.key == READER.read(body, signed(body)).key


@pytest.mark.parametrize(
    "body",
    [
        event_body(5),
        event_body(19),
        event_body(99),
        event_body(True),  # noqa: FBT003  JSON's true
        event_body("3"),
        event_body(3, taskId=None, data=None),
        b"[1]",
        b"not JSON",
        b"\xff",
        b"",
        b"[" * 100_000,
    ],
)
def test_given_a_signed_body_that_is_about_no_task_when_read_then_it_concerns_us_not(
    body: bytes,
) -> None:
    read = READER.read(body, signed(body))

    assert (read.onfleet_task_id, read.is_deletion) == (None, False)


def test_given_two_events_when_read_then_their_keys_differ_and_the_task_may_be_inside() -> None:
    first, second = event_body(7, taskId=None), event_body(7, time=1_796_134_921_734)

    one, other = READER.read(first, signed(first)), READER.read(second, signed(second))

    assert one.key != other.key
    assert one.onfleet_task_id == other.onfleet_task_id == TASK


@pytest.mark.parametrize("secret", ["", "  ", "not hexadecimal", "abc"])
def test_given_a_secret_that_is_none_when_made_then_it_is_misconfigured(secret: str) -> None:
    with pytest.raises(CourierMisconfiguredError):
        OnfleetEventReader(secret)
