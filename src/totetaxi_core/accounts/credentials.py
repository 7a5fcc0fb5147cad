"""What logging in works with."""

from dataclasses import dataclass

from totetaxi_core.accounts.access_token import AccessTokens
from totetaxi_core.accounts.password import PasswordHasher


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    passwords: PasswordHasher
    access_tokens: AccessTokens
