"""Log in by e-mail address and password, stay logged in, log out here or everywhere."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from totetaxi_core.accounts.access_token import AccessClaims, Audience, InvalidTokenError
from totetaxi_core.accounts.credentials import Credentials, InvalidCredentialsError
from totetaxi_core.accounts.keep_session import (
    IssuedTokens,
    begin_session,
    end_session,
    live_session,
    read_claims,
    require_session,
    rotate_session,
)
from totetaxi_core.customers.customer import Customer
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLogin:
    """Who is logged in, and the tokens to show for it."""

    customer: Customer
    session_id: UUID
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @classmethod
    def of(cls, customer: Customer, tokens: IssuedTokens) -> Self:
        return cls(
            customer=customer,
            session_id=tokens.session_id,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInCustomer:
    """Whose access token it is."""

    customer: Customer
    session_id: UUID


async def log_in_customer(
    email: str, password: str, ports: Ports, credentials: Credentials
) -> CustomerLogin:
    """Check a password and begin a session.

    Raises:
        InvalidCredentialsError: no account has this address, its address is not verified yet, or
            it is not its password; it takes as long in each.
    """
    async with ports.unit_of_work() as uow:
        known = await uow.customers.find(email)
    tried_hash = None if known is None else known.password_hash
    is_right = await credentials.passwords.matches(password, tried_hash)
    if known is None or not is_right:
        raise InvalidCredentialsError(login="e-mail address")
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        # Again, under lock: it may have changed its password, or be deleted, since.
        customer = await uow.customers.get(known.id, lock=True)
        if customer.password_hash != tried_hash:
            raise InvalidCredentialsError(login="e-mail address")
        claims = AccessClaims(
            audience=Audience.CUSTOMER,
            account_id=customer.id,
            session_id=ports.ids.new_id(),
            version=customer.token_version,
        )
        tokens = await begin_session(claims, uow, credentials, at=now)
        await uow.commit()
    return CustomerLogin.of(customer, tokens)


async def refresh_customer(
    refresh_token: str, ports: Ports, credentials: Credentials
) -> CustomerLogin:
    """Change a refresh token for the next, and get a new access token.

    Raises:
        InvalidTokenError: it is not the latest of a live session; an old one ends the session.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        session = await live_session(refresh_token, uow, audience=Audience.CUSTOMER, at=now)
        customer = await uow.customers.get(session.account_id)
        login = None
        if not session.has_latest(refresh_token):
            await uow.sessions.save(session.end(at=now))
        elif _stands(customer, session.claims()):
            tokens = await rotate_session(session, uow, credentials, at=now)
            login = CustomerLogin.of(customer, tokens)
        await uow.commit()
    if login is None:
        raise InvalidTokenError
    return login


async def log_out_customer(signed_in: SignedInCustomer, ports: Ports) -> None:
    """End the session: its access token is over too."""
    async with ports.unit_of_work() as uow:
        await end_session(signed_in.session_id, uow, at=ports.clock())
        await uow.commit()


async def log_out_everywhere(signed_in: SignedInCustomer, ports: Ports) -> None:
    """End every session of the account, this one included."""
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(signed_in.customer.id, lock=True)
        await uow.customers.save(customer.end_logins())
        await uow.commit()


async def authenticate_customer(
    access_token: str, ports: Ports, credentials: Credentials
) -> SignedInCustomer:
    """Return whose token it is, by the rows of the account and the session as they now stand.

    Raises:
        InvalidTokenError: forged, expired, logged out, deleted, or the password has changed.
        WrongAudienceError: it is a member of staff's.
    """
    now = ports.clock()
    claims = read_claims(access_token, credentials, audience=Audience.CUSTOMER, at=now)
    async with ports.unit_of_work() as uow:
        await require_session(claims, uow, at=now)
        customer = await uow.customers.get(claims.account_id)
    if not _stands(customer, claims):
        raise InvalidTokenError
    return SignedInCustomer(customer=customer, session_id=claims.session_id)


def _stands(customer: Customer, claims: AccessClaims) -> bool:
    """Tell whether the account still lets in a login that claims this."""
    return customer.deleted_at is None and customer.token_version == claims.version
