import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from totetaxi_core.signature import Signer

SIGNER = Signer("a secret", purpose="tests")


def test_given_a_text_when_signed_then_it_is_hmac_under_a_key_of_its_purpose() -> None:
    key = hmac.new(b"a secret", b"tests", sha256).digest()
    expected = hmac.new(key, b"hello", sha256).digest()

    signature = SIGNER.sign("hello")

    assert signature == urlsafe_b64encode(expected).decode().rstrip("=")
    assert len(signature) == 43


def test_given_a_signature_when_text_secret_or_purpose_differ_then_it_is_not_ours() -> None:
    signature = SIGNER.sign("hello")

    assert SIGNER.is_ours("hello", signature)
    assert not SIGNER.is_ours("hello ", signature)
    assert not SIGNER.is_ours("hello", signature[:-1])
    assert not SIGNER.is_ours("hello", signature + "=")
    assert not SIGNER.is_ours("hello", "")
    assert not Signer("another", purpose="tests").is_ours("hello", signature)
    assert not Signer("a secret", purpose="others").is_ours("hello", signature)


def test_given_a_previous_secret_when_rotated_then_both_are_accepted_and_the_new_one_signs() -> (
    None
):
    rotated = Signer("a new secret", purpose="tests", previous_secret="a secret")

    assert rotated.is_ours("hello", SIGNER.sign("hello"))
    assert rotated.is_ours("hello", rotated.sign("hello"))
    assert not SIGNER.is_ours("hello", rotated.sign("hello"))


def test_given_an_empty_previous_secret_when_rotated_then_nobody_can_sign_with_it() -> None:
    rotated = Signer("a new secret", purpose="tests", previous_secret="")

    assert not rotated.is_ours("hello", Signer("", purpose="tests").sign("hello"))


def test_given_texts_no_encoding_can_hold_when_checked_then_they_are_refused_not_raised() -> None:
    assert not SIGNER.is_ours("\ud800", "\udfff")
    assert not SIGNER.is_ours("hello", "é" * 43)
    assert SIGNER.is_ours("\ud800", SIGNER.sign("\ud800"))
