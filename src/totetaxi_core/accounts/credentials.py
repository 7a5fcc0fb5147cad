"""What registering and logging in work with."""

from dataclasses import dataclass

from totetaxi_core.accounts.access_token import AccessTokens
from totetaxi_core.accounts.password import PasswordHasher
from totetaxi_core.customers.disposable_domains import DisposableDomains
from totetaxi_core.refusal import DomainError


class InvalidCredentialsError(DomainError):
    """No such account, or not its password: which of them is not told."""

    code = "invalid_credentials"

    def __init__(self, *, login: str) -> None:
        super().__init__(f"the {login} or the password is wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    passwords: PasswordHasher
    access_tokens: AccessTokens
    disposable_domains: DisposableDomains
