"""Begin, find, renew and end the session of a login, whoever's account it is."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from totetaxi_core.accounts.access_token import (
    AccessClaims,
    Audience,
    InvalidTokenError,
    WrongAudienceError,
)
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.session import Session, session_id_of
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedTokens:
    """What a login shows from now on; the refresh token is good once."""

    session_id: UUID
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


async def begin_session(
    claims: AccessClaims, uow: UnitOfWork, credentials: Credentials, *, at: datetime
) -> IssuedTokens:
    """Store the session of a login that may begin; those of the account that are over go."""
    session, refresh_token = Session.begin(claims, at=at)
    await uow.sessions.forget_expired(claims.account_id, at=at)
    await uow.sessions.add(session)
    return _issued(session, refresh_token, credentials, at=at)


async def live_session(
    refresh_token: str, uow: UnitOfWork, *, audience: Audience, at: datetime
) -> Session:
    """Return the locked session that a refresh token names, whether or not it is its latest.

    Raises:
        InvalidTokenError: there is none, it is over, or another audience's.
    """
    session = await uow.sessions.find(session_id_of(refresh_token), lock=True)
    if session is None or session.audience is not audience or not session.is_live(at=at):
        raise InvalidTokenError
    return session


async def rotate_session(
    session: Session, uow: UnitOfWork, credentials: Credentials, *, at: datetime
) -> IssuedTokens:
    """Return the next tokens of a locked session; its last refresh token is an old one now."""
    rotated, refresh_token = session.rotate(at=at)
    await uow.sessions.save(rotated)
    return _issued(rotated, refresh_token, credentials, at=at)


async def end_session(session_id: UUID, uow: UnitOfWork, *, at: datetime) -> None:
    """End a session, if there is one; its access tokens are over too."""
    session = await uow.sessions.find(session_id, lock=True)
    if session is not None:
        await uow.sessions.save(session.end(at=at))


def read_claims(
    access_token: str, credentials: Credentials, *, audience: Audience, at: datetime
) -> AccessClaims:
    """Return what an access token of this audience claims.

    Raises:
        InvalidTokenError: it is not ours, altered or expired.
        WrongAudienceError: it is another audience's.
    """
    claims = credentials.access_tokens.read(access_token, at=at)
    if claims.audience is not audience:
        raise WrongAudienceError
    return claims


async def require_session(claims: AccessClaims, uow: UnitOfWork, *, at: datetime) -> None:
    """Refuse claims whose session does not stand any more.

    Raises:
        InvalidTokenError: it has ended, or says otherwise.
    """
    session = await uow.sessions.find(claims.session_id)
    if session is None or session.claims() != claims or not session.is_live(at=at):
        raise InvalidTokenError


def _issued(
    session: Session, refresh_token: str, credentials: Credentials, *, at: datetime
) -> IssuedTokens:
    return IssuedTokens(
        session_id=session.id,
        access_token=credentials.access_tokens.issue(session.claims(), at=at),
        refresh_token=refresh_token,
    )
