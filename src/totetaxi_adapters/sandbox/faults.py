"""The fault plan: what shall go wrong, how often. It lives in the database, for every process."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, LiteralString

import attrs
import cattrs
from psycopg import sql

from totetaxi_adapters.sandbox.database import Connection

PLAN_LOCK: Final = 7_205_311_847
DEFAULT_OVERTAKE_S: Final = 1.0


class Action(StrEnum):
    """What a rule does. The last three are for webhook events, the others for API calls."""

    DELAY = "delay"  # wait, then act
    DELAY_AFTER_ACTING = "delay_after_acting"
    DROP_BEFORE_ACTING = "drop_before_acting"
    DROP_AFTER_ACTING = "drop_after_acting"
    REFUSE = "refuse"  # answer `status` without acting
    DUPLICATE = "duplicate"
    REORDER = "reorder"  # later events overtake it: it leaves `delay_s` later
    HOLD = "hold"  # it leaves when the plan is cleared


WEBHOOK_ACTIONS: Final = frozenset({Action.DUPLICATE, Action.REORDER, Action.HOLD})


def _at_least_one(_: object, attribute: "attrs.Attribute[int | None]", value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"{attribute.name} must be at least 1")


def _without_null_byte(_: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    if "\0" in value:
        raise ValueError(f"{attribute.name} must not hold a null byte")


@attrs.frozen(kw_only=True)
class FaultRule:
    """One rule. `*` in `path` and `event` matches anything; `times` None lasts until cleared.

    `path` is the API's own, such as `/v1/payment_intents/*/cancel` or `/tasks/*/complete`.
    """

    action: Action
    method: str = attrs.field(default="*", validator=_without_null_byte)
    path: str = attrs.field(default="*", validator=_without_null_byte)
    event: str = attrs.field(default="*", validator=_without_null_byte)
    times: int | None = attrs.field(default=None, validator=_at_least_one)
    delay_s: float = attrs.field(default=DEFAULT_OVERTAKE_S, validator=attrs.validators.ge(0))
    status: int = attrs.field(default=500, validator=attrs.validators.in_((429, 500, 502, 503)))


@attrs.frozen(kw_only=True)
class Delivery:
    """How an event leaves."""

    copies: int = 1
    delay_s: float = 0
    held: bool = False


CONVERTER: Final = cattrs.Converter(forbid_extra_keys=True)


def read_plan(values: object) -> tuple[FaultRule, ...]:
    """Read the rules of a JSON list.

    Raises:
        ValueError: it names every fault of every rule.
    """
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise ValueError("not a list of rules")
    try:
        return CONVERTER.structure(values, tuple[FaultRule, ...])
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(cattrs.transform_error(error))) from error


class FaultPlan:
    """The plan of one provider, in the table `sandbox.<provider>_faults`."""

    def __init__(self, provider: str) -> None:
        self.tables: Final = (
            f"""CREATE TABLE IF NOT EXISTS sandbox.{provider}_faults (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                action text NOT NULL,
                method text NOT NULL,
                path text NOT NULL,
                event text NOT NULL,
                times integer,
                delay_s double precision NOT NULL,
                status integer NOT NULL
            )""",
        )
        self._table = sql.Identifier("sandbox", f"{provider}_faults")

    async def add_rules(self, connection: Connection, rules: Iterable[FaultRule]) -> None:
        for rule in rules:
            values = attrs.asdict(rule)
            await connection.execute(
                self._about(
                    """INSERT INTO {faults} (action, method, path, event, times, delay_s, status)
                    VALUES (%(action)s, %(method)s, %(path)s, %(event)s, %(times)s, %(delay_s)s,
                        %(status)s)"""
                ),
                values | {name: _like(values[name]) for name in ("method", "path", "event")},
            )

    async def clear_rules(self, connection: Connection) -> None:
        await connection.execute(self._about("DELETE FROM {faults}"))

    async def list_rules(self, connection: Connection) -> list[dict[str, Any]]:
        """Return the rules still to come, with the times that are left."""
        columns = [field.name for field in attrs.fields(FaultRule)]
        cursor = await connection.execute(
            self._about(
                "SELECT action, method, path, event, times, delay_s, status FROM {faults}"
                " ORDER BY id"
            )
        )
        rules = [dict(zip(columns, row, strict=True)) for row in await cursor.fetchall()]
        return [rule for rule in rules if rule["times"] != 0]

    async def take_call_rule(
        self, connection: Connection, method: str, path: str
    ) -> FaultRule | None:
        """Return the first rule for this call and count it; None when all shall go well."""
        cursor = await connection.execute(
            self._about(
                """UPDATE {faults} SET times = times - 1
                WHERE id = (
                    SELECT id FROM {faults}
                    WHERE %(method)s LIKE method AND %(path)s LIKE path
                        AND action <> ALL(%(others)s) AND (times IS NULL OR times > 0)
                    ORDER BY id LIMIT 1 FOR UPDATE)
                RETURNING action, delay_s, status"""
            ),
            {"method": method, "path": path, "others": sorted(WEBHOOK_ACTIONS)},
        )
        row = await cursor.fetchone()
        return FaultRule(action=Action(row[0]), delay_s=row[1], status=row[2]) if row else None

    async def take_delivery(self, connection: Connection, event: str) -> Delivery:
        """Return how this kind of event shall leave, and count the rules that say so."""
        if not await self._any_webhook_rule(connection):
            return Delivery()
        # One after the other from here to commit: else two could wait for each other's rules.
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (PLAN_LOCK,))
        cursor = await connection.execute(
            self._about(
                """UPDATE {faults} SET times = times - 1
                WHERE id IN (
                    SELECT DISTINCT ON (action) id FROM {faults}
                    WHERE %(event)s LIKE event AND action = ANY(%(webhook)s)
                        AND (times IS NULL OR times > 0)
                    ORDER BY action, id)
                RETURNING action, delay_s"""
            ),
            {"event": event, "webhook": sorted(WEBHOOK_ACTIONS)},
        )
        delays = {row[0]: row[1] for row in await cursor.fetchall()}
        return Delivery(
            copies=2 if Action.DUPLICATE in delays else 1,
            delay_s=delays.get(Action.REORDER, 0),
            held=Action.HOLD in delays,
        )

    async def _any_webhook_rule(self, connection: Connection) -> bool:
        cursor = await connection.execute(
            self._about("SELECT EXISTS (SELECT FROM {faults} WHERE action = ANY(%s))"),
            (sorted(WEBHOOK_ACTIONS),),
        )
        row = await cursor.fetchone()
        return bool(row and row[0])

    def _about(self, query: LiteralString) -> sql.Composed:
        return sql.SQL(query).format(faults=self._table)


def _like(pattern: str) -> str:
    """Turn `*` into SQL's wildcard and take its own wildcards literally."""
    literal = pattern.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return literal.replace("*", "%")
