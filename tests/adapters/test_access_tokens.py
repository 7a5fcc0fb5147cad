"""Forged, foreign and stale access tokens are refused, whatever is wrong with them."""

import base64
import hmac
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt
import pytest

from tests.builders import NOW, an_id
from totetaxi_adapters.access_tokens import JwtAccessTokens
from totetaxi_core.accounts.access_token import (
    LIFETIME,
    AccessClaims,
    Audience,
    InvalidTokenError,
)

SECRET = "a secret of thirty-two characters"
TOKENS = JwtAccessTokens(SECRET)
KEY = hmac.digest(SECRET.encode(), b"access token", sha256)
CLAIMS = AccessClaims(audience=Audience.STAFF, account_id=an_id(), session_id=an_id(), version=3)
PAYLOAD: dict[str, Any] = jwt.decode(
    TOKENS.issue(CLAIMS, at=NOW), options={"verify_signature": False}
)


def signed(**changes: object) -> str:
    """Return a token that differs from ours, under our own key."""
    kept = {name: value for name, value in (PAYLOAD | changes).items() if value is not None}
    return jwt.encode(kept, KEY, algorithm="HS256")


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_given_a_token_when_read_within_its_hour_then_it_claims_what_was_issued() -> None:
    token = TOKENS.issue(CLAIMS, at=NOW)

    assert TOKENS.read(token, at=NOW) == CLAIMS
    assert TOKENS.read(token, at=NOW + LIFETIME - timedelta(seconds=1)) == CLAIMS
    assert TOKENS.read(signed(), at=NOW) == CLAIMS


def test_given_a_token_when_its_hour_is_over_then_it_is_refused() -> None:
    token = TOKENS.issue(CLAIMS, at=NOW)

    with pytest.raises(InvalidTokenError):
        TOKENS.read(token, at=NOW + LIFETIME)


def test_given_a_new_secret_when_the_former_is_known_then_its_tokens_are_good_still() -> None:
    token = TOKENS.issue(CLAIMS, at=NOW)

    assert JwtAccessTokens("another", previous_secret=SECRET).read(token, at=NOW) == CLAIMS
    with pytest.raises(InvalidTokenError):
        JwtAccessTokens("another").read(token, at=NOW)


FORGED = {
    "nothing": "",
    "text": "abc",
    "three parts": "a.b.c",
    "not ascii": "é.é.é",
    "very long": "a" * 5_000,
    "alg none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(PAYLOAD)}.",
    "alg None": jwt.encode(PAYLOAD, "", algorithm="none"),
    "alg HS512": jwt.encode(PAYLOAD, KEY * 2, algorithm="HS512"),
    "another key": jwt.encode(PAYLOAD, b"x" * 32, algorithm="HS256"),
    "the secret itself": jwt.encode(PAYLOAD, SECRET, algorithm="HS256"),
    "no signature": signed().rpartition(".")[0] + ".",
    "other payload": ".".join(
        [signed().split(".")[0], part(PAYLOAD | {"ver": 4}), signed().split(".")[2]]
    ),
    "other audience": signed(aud="public"),
    "no audience": signed(aud=None),
    "many audiences": signed(aud=["staff", "customer"]),
    "no expiry": signed(exp=None),
    "expiry as text": signed(exp="tomorrow"),
    "expiry far away": signed(exp=10**20),
    "no session": signed(sid=None),
    "no version": signed(ver=None),
    "version as text": signed(ver="x"),
    "subject is no id": signed(sub="maria"),
    "session is a number": signed(sid=7),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_given_a_forged_token_when_read_then_it_is_refused(token: str) -> None:
    with pytest.raises(InvalidTokenError):
        TOKENS.read(token, at=NOW)
