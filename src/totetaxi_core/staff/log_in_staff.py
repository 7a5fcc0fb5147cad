"""Log in by username and password, stay logged in, log out."""

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
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_account import (
    AccountDisabledError,
    AccountLockedError,
    StaffAccount,
)
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

NOBODY = "unknown"


class InvalidCredentialsError(DomainError):
    """No such account, or not its password: which of them is not told."""

    code = "invalid_credentials"

    def __init__(self) -> None:
        super().__init__("the username or the password is wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLogin:
    """Who is logged in, and the tokens to show for it."""

    account: StaffAccount
    session_id: UUID
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


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
        AccountLockedError: after five wrong ones in a row, the right password included.
        AccountDisabledError: the password is right, the account disabled.
    """
    async with ports.unit_of_work() as uow:
        known = await uow.staff_accounts.find(username)
    tried_hash = None if known is None else known.password_hash
    is_right = await credentials.passwords.matches(password, tried_hash)
    async with ports.unit_of_work() as uow:
        # Again, under lock: whoever tried at the same time may have locked it meanwhile.
        account = None if known is None else await uow.staff_accounts.get(known.id, lock=True)
        is_right = is_right and account is not None and account.password_hash == tried_hash
        attempt = _Attempt(ports=ports, uow=uow, at=ports.clock())
        refusal = await attempt.refusal(account, is_right=is_right)
        login = None
        if refusal is None and account is not None:
            login = await attempt.begin(account, credentials)
        await uow.commit()
    if login is None:
        raise refusal or InvalidCredentialsError
    return login


async def refresh_staff(refresh_token: str, ports: Ports, credentials: Credentials) -> StaffLogin:
    """Change a refresh token for the next, and get a new access token.

    Raises:
        InvalidTokenError: it is not the latest of a live session; an old one ends the session.
    """
    session_id, now = session_id_of(refresh_token), ports.clock()
    async with ports.unit_of_work() as uow:
        session = await uow.sessions.find(session_id, lock=True)
        if session is None or session.audience is not Audience.STAFF or not session.is_live(at=now):
            raise InvalidTokenError
        account = await uow.staff_accounts.get(session.account_id)
        login = None
        if not session.has_latest(refresh_token):
            await uow.sessions.save(session.end(at=now))
            await uow.staff_acts.add(_reuse(account, ports, session_id=session_id))
        elif account.is_active and account.token_version == session.account_version:
            rotated, next_token = session.rotate(at=now)
            await uow.sessions.save(rotated)
            login = StaffLogin(
                account=account,
                session_id=session_id,
                access_token=credentials.access_tokens.issue(rotated.claims(), at=now),
                refresh_token=next_token,
            )
        await uow.commit()
    if login is None:
        raise InvalidTokenError
    return login


async def log_out_staff(signed_in: SignedIn, ports: Ports) -> None:
    """End the session: its access token is over too."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        session = await uow.sessions.find(signed_in.session_id, lock=True)
        if session is not None:
            await uow.sessions.save(session.end(at=now))
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
    claims = credentials.access_tokens.read(access_token, at=now)
    if claims.audience is not Audience.STAFF:
        raise WrongAudienceError
    async with ports.unit_of_work() as uow:
        session = await uow.sessions.find(claims.session_id)
        if session is None or session.claims() != claims or not session.is_live(at=now):
            raise InvalidTokenError
        account = await uow.staff_accounts.get(claims.account_id)
    if not account.is_active or account.token_version != claims.version:
        raise InvalidTokenError
    return SignedIn(account=account, session_id=claims.session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One try to log in, its account's row locked."""

    ports: Ports
    uow: UnitOfWork
    at: datetime

    async def refusal(self, account: StaffAccount | None, *, is_right: bool) -> DomainError | None:
        """Return why not, counted and recorded; None if the login may begin."""
        error = self._judge(account, is_right=is_right)
        if error is None:
            return None
        if account is not None and isinstance(error, InvalidCredentialsError):
            await self.uow.staff_accounts.save(account.fail_login(at=self.at))
        text = f"login refused: {error.code}"
        act = _act("login", text, self.ports, account=account, at=self.at, is_refused=True)
        await self.uow.staff_acts.add(act)
        return error

    def _judge(self, account: StaffAccount | None, *, is_right: bool) -> DomainError | None:
        if account is None:
            return InvalidCredentialsError()
        try:
            account.require_unlocked(at=self.at)
        except AccountLockedError as error:
            return error
        if not is_right:
            return InvalidCredentialsError()
        return None if account.is_active else AccountDisabledError()

    async def begin(self, account: StaffAccount, credentials: Credentials) -> StaffLogin:
        """Begin the session of a login that may."""
        claims = AccessClaims(
            audience=Audience.STAFF,
            account_id=account.id,
            session_id=self.ports.ids.new_id(),
            version=account.token_version,
        )
        session, refresh_token = Session.begin(claims, at=self.at)
        passed = account.pass_login()
        await self.uow.staff_accounts.save(passed)
        await self.uow.sessions.forget_expired(account.id, at=self.at)
        await self.uow.sessions.add(session)
        await self.uow.staff_acts.add(
            _act("login", "logged in", self.ports, account=account, at=self.at)
        )
        return StaffLogin(
            account=passed,
            session_id=session.id,
            access_token=credentials.access_tokens.issue(claims, at=self.at),
            refresh_token=refresh_token,
        )


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
