"""The Stripe sandbox of one process: its database, its clock and its sender."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import attrs

from totetaxi_adapters.sandbox.database import Connection, SandboxDatabase
from totetaxi_adapters.sandbox.faults import FaultRule
from totetaxi_adapters.sandbox.sender import Step, WebhookSender
from totetaxi_adapters.sandbox.stripe import account as objects
from totetaxi_adapters.sandbox.stripe import idempotency
from totetaxi_adapters.sandbox.stripe.account import Account, Page
from totetaxi_adapters.sandbox.stripe.cards import card_of_number
from totetaxi_adapters.sandbox.stripe.disputes import close_dispute, disputes_of, open_next
from totetaxi_adapters.sandbox.stripe.events import EVENTS, PLAN, manner_of
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.payment_methods import add_method
from totetaxi_adapters.sandbox.stripe.refunds import settle_next
from totetaxi_adapters.sandbox.stripe.refusal import Answer, Json, StripeRefusal
from totetaxi_adapters.sandbox.stripe.session_paying import (
    decide_intent,
    pay_intent,
    pay_session,
)
from totetaxi_adapters.sandbox.stripe.sessions import lapse_next, present_session
from totetaxi_adapters.sandbox.stripe.setup_intents import decide_setup, set_up

TABLES: Final = (
    *objects.TABLES,
    *EVENTS.tables,
    *PLAN.tables,
    *idempotency.TABLES,
)
INTENTS_SHOWN: Final = 100

Operation: TypeAlias = Callable[[Account], Awaitable[Answer]]


def system_clock() -> datetime:
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class StripeSandboxSettings:
    """Where the sandbox keeps its state, and where it sends events.

    Without `webhook_url` events wait for a process that has one. `clock` dates the objects and
    ages idempotency keys; `refund_settle_s` is real time.
    """

    database_url: str
    webhook_secret: str
    webhook_url: str | None = None
    refund_settle_s: float = 2.0
    clock: Callable[[], datetime] = system_clock


class StripeSandbox:
    """What the pages and the API do. Use it inside `running()`."""

    def __init__(self, settings: StripeSandboxSettings) -> None:
        self.settings = settings
        self._database = SandboxDatabase(settings.database_url)
        self._sender = WebhookSender(
            self._database,
            EVENTS,
            manner_of(settings.webhook_secret),
            webhook_url=settings.webhook_url,
            steps=[self._step(act) for act in (settle_next, open_next, lapse_next)],
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the database, send events; on leaving, stop both."""
        await self._database.open(TABLES)
        sending = asyncio.create_task(self._sender.run())
        try:
            yield
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            await self._database.close()

    async def execute(
        self, operation: Operation, *, request_id: str, key: str | None = None, mark: str = ""
    ) -> tuple[Answer, bool]:
        """Run one API call in a transaction; the second value tells a repeated answer.

        `mark` is the fingerprint that calls of one idempotency key share.

        Raises:
            StripeRefusal: refused before execution began.
        """
        async with self._account(request_id=request_id, key=key) as account:
            known = await idempotency.recall(account, key, mark) if key else None
            answer = known or await _run(operation, account)
            if key and known is None:
                await idempotency.remember(account, key, mark, answer)
        self._sender.wake()
        return answer, known is not None

    async def pay(self, intent_id: str, *, card_number: str) -> Answer:
        """Pay as the browser would."""
        card = card_of_number(card_number)
        answer, _ = await self.execute(
            lambda account: pay_intent(account, intent_id, card), request_id=new_id("request")
        )
        return answer

    async def pay_session(self, session_id: str, *, card_number: str) -> Answer:
        """Pay on the session's page, as the browser would."""
        card = card_of_number(card_number)
        answer, _ = await self.execute(
            lambda account: pay_session(account, session_id, card), request_id=new_id("request")
        )
        return answer

    async def set_up(self, setup_intent_id: str, *, card_number: str) -> Answer:
        """Save a card as the browser would."""
        card = card_of_number(card_number)

        async def present(account: Account) -> Answer:
            return await set_up(account, setup_intent_id, await add_method(account, card))

        return (await self.execute(present, request_id=new_id("request")))[0]

    async def decide_setup(self, setup_intent_id: str, *, approve: bool) -> Answer:
        """Approve or deny what the setup intent waits for."""
        answer, _ = await self.execute(
            lambda account: decide_setup(account, setup_intent_id, approve=approve),
            request_id=new_id("request"),
        )
        return answer

    async def find_session(self, session_id: str) -> Json:
        """Return the session as it now stands.

        Raises:
            StripeRefusal: there is none.
        """
        async with self._account() as account:
            return await present_session(account, session_id)

    async def decide(self, intent_id: str, *, approve: bool) -> Answer:
        """Approve or deny what the intent waits for."""
        answer, _ = await self.execute(
            lambda account: decide_intent(account, intent_id, approve=approve),
            request_id=new_id("request"),
        )
        return answer

    async def find_intent(self, intent_id: str) -> Json:
        """Return the intent.

        Raises:
            StripeRefusal: there is none.
        """
        async with self._account() as account:
            return await account.find("payment_intent", intent_id, param="intent")

    async def close_dispute(self, dispute_id: str, *, won: bool) -> Answer:
        """Let the bank decide a dispute."""
        answer, _ = await self.execute(
            lambda account: close_dispute(account, dispute_id, won=won),
            request_id=new_id("request"),
        )
        return answer

    async def disputes_of(self, intent_id: str) -> list[Json]:
        """Return the intent's disputes, newest first."""
        async with self._account() as account:
            return await disputes_of(account, intent_id)

    async def latest_intents(self) -> list[Json]:
        """Return the newest intents, at most a hundred."""
        page = Page(size=INTENTS_SHOWN, since=0, until=2**62, after=None)
        async with self._account() as account:
            return (await account.page("payment_intent", page))[0]

    async def take_fault(self, method: str, path: str) -> FaultRule | None:
        """Return what shall go wrong with this call."""
        async with self._database.transaction() as connection:
            return await PLAN.take_call_rule(connection, method, path)

    async def add_faults(self, rules: tuple[FaultRule, ...]) -> list[dict[str, Any]]:
        """Add to the plan and return it whole."""
        async with self._database.transaction() as connection:
            await PLAN.add_rules(connection, rules)
            return await PLAN.list_rules(connection)

    async def clear_faults(self) -> None:
        """Empty the plan; events it held leave now."""
        async with self._database.transaction() as connection:
            await PLAN.clear_rules(connection)
            await EVENTS.release_held(connection)
        self._sender.wake()

    def _step(self, act: Callable[[Account], Awaitable[bool]]) -> Step:
        async def step(connection: Connection) -> bool:
            return await act(Account(connection=connection, now=self.settings.clock()))

        return step

    @asynccontextmanager
    async def _account(
        self, *, request_id: str | None = None, key: str | None = None
    ) -> AsyncIterator[Account]:
        async with self._database.transaction() as connection:
            yield Account(
                connection=connection,
                now=self.settings.clock(),
                request_id=request_id,
                idempotency_key=key,
            )


async def _run(operation: Operation, account: Account) -> Answer:
    """Run the operation; a refusal that came after execution began is an answer to keep."""
    try:
        return await operation(account)
    except StripeRefusal as refusal:
        if not refusal.kept:
            raise
        return refusal.answer
