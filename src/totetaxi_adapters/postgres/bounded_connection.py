"""A connection that does not wait for ever for a server, or a network, that has fallen silent."""

from typing import Final, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

Answer = TypeVar("Answer")
LOOK_EVERY_S: Final = 0.1  # psycopg's own
SLACK_S: Final = 2.0
"""What the network may take beside the statement: the server's own limit is to end it first."""
KEEPALIVES: Final = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""Parameters by which the machine finds out, within a minute, that nobody is there any more."""


class BoundedConnection(psycopg.AsyncConnection[TupleRow]):
    """Gives a statement up after `answer_within_s`, and closes: whatever came late is not ours."""

    answer_within_s: float | None = None

    @classmethod
    def waiting(cls, seconds: float) -> type[Self]:
        """Return the class whose connections wait so long."""
        return type(cls.__name__, (cls,), {"answer_within_s": seconds})

    async def wait(
        self,
        gen: PQGen[Answer],
        interval: float = LOOK_EVERY_S,
        timeout: float | None = None,  # noqa: ASYNC109  psycopg's signature
    ) -> Answer:
        """Wait as psycopg does, for no longer than `answer_within_s`.

        Raises:
            psycopg.OperationalError: the server did not answer in time.
        """
        try:
            return await super().wait(
                gen, interval, self.answer_within_s if timeout is None else timeout
            )
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise
