"""Log in by username and password, stay logged in, log out."""

from dataclasses import dataclass, field
from datetime import datetime
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
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.login_tries import (
    AccountLockedError,
    NameTries,
    count_failure,
    key_of,
)
from totetaxi_core.staff.staff_account import AccountDisabledError, StaffAccount
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

NOBODY = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLogin:
    """Who is logged in, and the tokens to show for it."""

    account: StaffAccount
    session_id: UUID
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @classmethod
    def of(cls, account: StaffAccount, tokens: IssuedTokens) -> Self:
        return cls(
            account=account,
            session_id=tokens.session_id,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Whose access token it is."""

    account: StaffAccount
    session_id: UUID


async def log_in_staff(
    username: str, password: str, ports: Ports, credentials: Credentials
) -> StaffLogin:
    """Check a password and begin a session. Every try is on record.

    Raises:
        InvalidCredentialsError: no such account, or a wrong password; it takes as long in both.
        AccountLockedError: after five wrong ones in a row with this username, whether anybody has
            it or not, the right password included.
        AccountDisabledError: the password is right, the account disabled.
    """
    async with ports.unit_of_work() as uow:
        known = await uow.staff_accounts.find(username)
    tried_hash = None if known is None else known.password_hash
    is_right = await credentials.passwords.matches(password, tried_hash)
    async with ports.unit_of_work() as uow:
        name_key = key_of(username)
        tries = await uow.login_tries.of(name_key)
        # Again, under lock: it may have changed its password meanwhile.
        account = None if known is None else await uow.staff_accounts.get(known.id, lock=True)
        is_right = is_right and account is not None and account.password_hash == tried_hash
        attempt = _Attempt(ports=ports, uow=uow, name_key=name_key, tries=tries, at=ports.clock())
        refusal = await attempt.refusal(account, is_right=is_right)
        login = None
        if refusal is None and account is not None:
            login = await attempt.begin(account, credentials)
        await uow.commit()
    if login is None:
        raise refusal or _wrong()
    return login


async def refresh_staff(refresh_token: str, ports: Ports, credentials: Credentials) -> StaffLogin:
    """Change a refresh token for the next, and get a new access token.

    Raises:
        InvalidTokenError: it is not the latest of a live session; an old one ends the session.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        session = await live_session(refresh_token, uow, audience=Audience.STAFF, at=now)
        account = await uow.staff_accounts.get(session.account_id)
        login = None
        if not session.has_latest(refresh_token):
            await uow.sessions.save(session.end(at=now))
            await uow.staff_acts.add(_reuse(account, ports, session_id=session.id))
        elif account.is_active and account.token_version == session.account_version:
            login = StaffLogin.of(account, await rotate_session(session, uow, credentials, at=now))
        await uow.commit()
    if login is None:
        raise InvalidTokenError
    return login


async def log_out_staff(signed_in: SignedIn, ports: Ports) -> None:
    """End the session: its access token is over too."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        await end_session(signed_in.session_id, uow, at=now)
        await uow.staff_acts.add(
            _act("logout", "logged out", ports, account=signed_in.account, at=now)
        )
        await uow.commit()


async def authenticate_staff(access_token: str, ports: Ports, credentials: Credentials) -> SignedIn:
    """Return whose token it is, by the rows of the account and the session as they now stand.

    Raises:
        InvalidTokenError: forged, expired, logged out, disabled, or the password has changed.
        WrongAudienceError: it is a customer's.
    """
    now = ports.clock()
    claims = read_claims(access_token, credentials, audience=Audience.STAFF, at=now)
    async with ports.unit_of_work() as uow:
        await require_session(claims, uow, at=now)
        account = await uow.staff_accounts.get(claims.account_id)
    if not account.is_active or account.token_version != claims.version:
        raise InvalidTokenError
    return SignedIn(account=account, session_id=claims.session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One try to log in, its username and its account's row locked."""

    ports: Ports
    uow: UnitOfWork
    name_key: str
    tries: NameTries | None
    at: datetime

    async def refusal(self, account: StaffAccount | None, *, is_right: bool) -> DomainError | None:
        """Return why not, counted and recorded; None if the login may begin."""
        error = self._judge(account, is_right=is_right)
        if error is None:
            return None
        if isinstance(error, InvalidCredentialsError):
            await count_failure(self.name_key, self.tries, self.uow.login_tries, at=self.at)
        text = f"login refused: {error.code}"
        act = _act("login", text, self.ports, account=account, at=self.at, is_refused=True)
        await self.uow.staff_acts.add(act)
        return error

    def _judge(self, account: StaffAccount | None, *, is_right: bool) -> DomainError | None:
        try:
            if self.tries is not None:
                self.tries.require_unlocked(at=self.at)
        except AccountLockedError as error:
            return error
        if account is None or not is_right:
            return _wrong()
        return None if account.is_active else AccountDisabledError()

    async def begin(self, account: StaffAccount, credentials: Credentials) -> StaffLogin:
        """Begin the session of a login that may."""
        claims = AccessClaims(
            audience=Audience.STAFF,
            account_id=account.id,
            session_id=self.ports.ids.new_id(),
            version=account.token_version,
        )
        await self.uow.login_tries.forget(self.name_key)
        tokens = await begin_session(claims, self.uow, credentials, at=self.at)
        await self.uow.staff_acts.add(
            _act("login", "logged in", self.ports, account=account, at=self.at)
        )
        return StaffLogin.of(account, tokens)


def _wrong() -> InvalidCredentialsError:
    return InvalidCredentialsError(login="username")


def _reuse(account: StaffAccount, ports: Ports, *, session_id: UUID) -> StaffAct:
    text = f"an old refresh token was used again: session {session_id} has ended"
    return _act("token_reused", text, ports, account=account, at=ports.clock(), is_refused=True)


def _act(
    action_type: str,
    description: str,
    ports: Ports,
    *,
    account: StaffAccount | None,
    at: datetime,
    is_refused: bool = False,
) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=NOBODY if account is None else account.username,
        staff_id=None if account is None else account.id,
        action_type=action_type,
        description=description,
        booking_id=None,
        created_at=at,
        is_refused=is_refused,
    )
