import pytest

from tests.builders import an_id
from totetaxi_core.customers.account_token import AccountTokenError, AccountTokens, TokenPurpose
from totetaxi_core.signed_id import SignedIds

SIGNED = SignedIds("a secret", purpose="one thing")


def test_given_a_token_of_ours_when_read_then_it_is_its_id() -> None:
    of_id = an_id()

    token = SIGNED.token(of_id)

    assert SIGNED.id_of(token) == of_id
    assert str(of_id) not in token
    assert of_id.hex not in token


@pytest.mark.parametrize(
    "stranger",
    [
        SignedIds("another secret", purpose="one thing"),
        SignedIds("a secret", purpose="another thing"),
    ],
)
def test_given_a_token_of_another_key_or_purpose_when_read_then_it_is_nobody_s(
    stranger: SignedIds,
) -> None:
    assert SIGNED.id_of(stranger.token(an_id())) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.é", "\ud800.\ud800", "a" * 200, "x.y.z"])
def test_given_what_is_no_token_when_read_then_it_is_nobody_s(token: str) -> None:
    assert SIGNED.id_of(token) is None


def test_given_a_changed_id_when_read_then_its_old_signature_does_not_hold() -> None:
    name, _, signature = SIGNED.token(an_id()).partition(".")
    other = SIGNED.token(an_id()).partition(".")[0]

    assert SIGNED.id_of(f"{other}.{signature}") is None
    assert SIGNED.id_of(f"{name}.{signature}") is not None


def test_given_a_rotated_secret_when_an_older_token_is_read_then_it_is_still_ours() -> None:
    of_id = an_id()
    old, new = AccountTokens("old"), AccountTokens("new", previous_secret="old")

    token = old.token(TokenPurpose.VERIFY, of_id)

    assert new.id_of(TokenPurpose.VERIFY, token) == of_id
    with pytest.raises(AccountTokenError):
        old.id_of(TokenPurpose.VERIFY, new.token(TokenPurpose.VERIFY, of_id))


def test_given_a_token_to_verify_when_used_to_reset_then_it_is_refused() -> None:
    tokens = AccountTokens("a secret")

    token = tokens.token(TokenPurpose.VERIFY, an_id())

    with pytest.raises(AccountTokenError):
        tokens.id_of(TokenPurpose.RESET, token)
