"""PostgreSQL's own benchmark, running statements that were logged."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.booking_house import TODAY
from benchmarks.statement_log import LoggedStatement
from totetaxi_adapters.embedded_postgres import find_program

PARAMETER: Final = re.compile(r"\$(\d+)")
UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What is drawn anew for every booking: ids, its number, the hash of its cart.
DRAWN: Final = re.compile(rf"{UUID}|TT-[0-9A-Z]{{8}}|[0-9a-f]{{64}}")
TPS: Final = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
LARGEST: Final = 2**62
CREWS: Final = "crew_half_hours"


class PgbenchFailedError(Exception):
    """pgbench did not get through."""


@dataclass(slots=True)
class PgbenchScript:
    """Statements with variables in place of whatever must differ from one run to the next.

    `same` are the values that stay as they were logged. Every other date is drawn from `days`
    days, and every other half hour from `starts`, as far apart as they were.
    """

    statements: list[str] = field(default_factory=list)
    same: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        draws = [f"\\set {name} random(0, {LARGEST})" for name in self.drawn.values()]
        return "\n".join([*draws, *self.statements, ""])

    def run(self, database_url: str, *, clients: int, seconds: float) -> float:
        """Return the transactions per second.

        Raises:
            PgbenchFailedError: a client gave up.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(self.text)
            script.flush()
            return self._run(Path(script.name), database_url, clients=clients, seconds=seconds)

    def _run(self, script: Path, database_url: str, *, clients: int, seconds: float) -> float:
        options = ("-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-f", str(script))
        values = [part for name, value in self.same.items() for part in ("-D", f"{name}={value}")]
        ended = subprocess.run(
            (str(find_program("pgbench")), *options, *values, *_lasting(seconds), database_url),
            capture_output=True,
            text=True,
            check=False,
        )
        tps = TPS.search(ended.stdout)
        if ended.returncode != 0 or tps is None:
            raise PgbenchFailedError(ended.stderr[-2_000:])
        return float(tps[1])


def _lasting(seconds: float) -> tuple[str, str]:
    """Return the option for whole seconds, all that pgbench counts in."""
    return ("-T", str(max(1, round(seconds))))


def script_of(
    logged: Sequence[LoggedStatement], other: Sequence[LoggedStatement], *, days: range
) -> PgbenchScript:
    """Return the script of a booking; what the `other` booking has as well stays the same."""
    script = PgbenchScript()
    fresh = _drawn_in(logged) - _drawn_in(other)
    script.drawn = {token: f"drawn_{number}" for number, token in enumerate(sorted(fresh))}
    for statement in logged:
        script.statements.append(_Translated(script, statement, days).sql)
    script.drawn |= {"day": "day", "start": "start"}
    return script


def _drawn_in(logged: Sequence[LoggedStatement]) -> set[str]:
    return {
        token
        for statement in logged
        for value in statement.parameters.values()
        for token in DRAWN.findall(value or "")
    }


class _Translated:
    """One statement, its parameters turned into expressions over pgbench's variables."""

    def __init__(self, script: PgbenchScript, statement: LoggedStatement, days: range) -> None:
        self._script, self._days = script, days
        self._parameters = statement.parameters
        self._is_of_crews = CREWS in statement.sql
        one_line = " ".join(statement.sql.rstrip(";").split())
        self.sql = PARAMETER.sub(lambda found: self._value(int(found[1])), one_line) + ";"

    def _value(self, number: int) -> str:
        value = self._parameters[number]
        if value is None:
            return "NULL"
        if self._is_of_crews and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            first = f"DATE '{TODAY}' + {self._days.start}"
            return f"({first} + (:day::bigint % {len(self._days)})::int)"
        if self._is_of_crews and value.isdecimal() and int(value) > 1:
            return f"(14 + (:start::bigint % 11)::int + {int(value) - self._first_half_hour()})"
        return f"({self._concatenated(value)})"

    def _first_half_hour(self) -> int:
        return min(
            int(value)
            for value in self._parameters.values()
            if value and value.isdecimal() and int(value) > 1
        )

    def _concatenated(self, value: str) -> str:
        """Return the value, what is drawn anew in it put in by `||`."""
        parts, end = [], 0
        for token in DRAWN.finditer(value):
            if token[0] in self._script.drawn:
                parts += [self._same(value[end : token.start()]), self._fresh(token[0])]
                end = token.end()
        parts.append(self._same(value[end:]))
        return " || ".join(part for part in parts if part) or "''"

    def _same(self, text: str) -> str:
        if not text:
            return ""
        name = f"same_{len(self._script.same)}"
        self._script.same[name] = text
        return f":{name}"

    def _fresh(self, token: str) -> str:
        hexadecimal = f"to_hex(:{self._script.drawn[token]}::bigint)"
        if token.startswith("TT-"):
            return f"'TT-' || {hexadecimal}"
        if "-" in token:
            return f"lpad({hexadecimal}, 32, '0')::uuid::text"
        return f"lpad({hexadecimal}, 64, '0')"
