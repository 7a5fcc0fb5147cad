"""What a migration may do while the version before serves: docs/operations.md, "Upgrades"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# The migrations up to here are older than the rule.
BASELINE: Final = "0023"
IN_TEXT: Final = re.IGNORECASE | re.DOTALL
# The queue's own migrations are made for this by those who make it.
NOT_OURS: Final = "procrastinate_"
CONSTANT: Final = re.compile(
    r"DEFAULT\s+(?:'[^']*'|-?\d+(?:\.\d+)?|true|false|null|now\(\)|current_timestamp)"
    r"(?:::[\w\s\[\]]+)?\s*(?:$|,|NOT NULL|NULL)",
    re.IGNORECASE,
)
TABLE: Final = r'(?:ONLY\s+)?(?:public\.)?"?(\w+)"?'
ALTER: Final = re.compile(rf"ALTER TABLE\s+(?:IF EXISTS\s+)?{TABLE}\s+(.*)", IN_TEXT)
INDEX: Final = re.compile(
    rf"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY).*?\sON\s+{TABLE}", IN_TEXT
)
CHANGED: Final = re.compile(
    rf"\b(?:UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?)\s+{TABLE}\s", re.IGNORECASE
)
LOCKED: Final = re.compile(rf"\bLOCK TABLE\s+{TABLE}", re.IGNORECASE)
TAKEN: Final = re.compile(rf"\bDROP TABLE\s+(?:IF EXISTS\s+)?{TABLE}", re.IGNORECASE)
REFERRED: Final = re.compile(rf"\bREFERENCES\s+{TABLE}", re.IGNORECASE)
FOREIGN: Final = re.compile(r"\bFOREIGN KEY\b", re.IGNORECASE)
DROPPED_INDEX: Final = re.compile(r"\bDROP INDEX\s+(?!CONCURRENTLY)", re.IGNORECASE)
CONCURRENTLY: Final = re.compile(r"\bINDEX\s+CONCURRENTLY\b", re.IGNORECASE)
# What a version that serves may still use: only what no version uses any more may go.
TAKES_AWAY: Final = {
    r"^DROP\s+(?:COLUMN\s+)?(?!CONSTRAINT|NOT|DEFAULT)\w+": "drops a column",
    r"^RENAME\b": "renames",
}
HOLDS_UP: Final = {
    r"^ALTER\s+(?:COLUMN\s+)?\S+\s+(?:SET DATA )?TYPE\b": "changes a type: the table is rewritten",
    r"^ALTER\s+(?:COLUMN\s+)?\S+\s+SET NOT NULL": "SET NOT NULL reads the whole table",
    r"^ADD\s+COLUMN.*\bGENERATED\b": "a generated column rewrites the table",
    r"^ADD\s+COLUMN.*\b(?:SERIAL|BIGSERIAL)\b": "a serial column rewrites the table",
    r"^ADD\s+COLUMN.*\b(?:UNIQUE|PRIMARY KEY|REFERENCES)\b": "the constraint reads the table",
    r"^ADD\s+(?:CONSTRAINT\s+\S+\s+)?(?:UNIQUE|PRIMARY KEY|EXCLUDE)\b(?!.*USING INDEX)": (
        "the index is built while nobody may write: build it concurrently before"
    ),
    r"^ADD\s+(?:CONSTRAINT\s+\S+\s+)?(?:CHECK|FOREIGN KEY)\b(?!.*NOT VALID)": (
        "the constraint reads the whole table: add it NOT VALID"
    ),
}


@dataclass(frozen=True, slots=True)
class MigrationRules:
    """`standing` are the tables that were there before; a `contract` may take away."""

    standing: frozenset[str]
    is_contract: bool = False

    def broken_by(self, statements: Sequence[str]) -> list[str]:
        """Return what is wrong with a migration's statements, in words."""
        found = [fault for one in statements for fault in self._faults(one)]
        return [*found, *self._faults_together(statements), *self._lock_faults(statements)]

    def _faults(self, statement: str) -> Iterator[str]:
        for table, action in self._alterations(statement):
            yield from (f"{table}: {fault}" for fault in self._alteration_faults(action))
        for pattern, fault in (
            (INDEX, "an index is built while nobody may write: use concurrent_index"),
            (CHANGED, "rows are changed at once: let the worker do it in batches"),
            (LOCKED, "the table is locked"),
        ):
            yield from (f"{table}: {fault}" for table in self._found(pattern, statement))
        if DROPPED_INDEX.search(statement):
            yield "an index is dropped while nobody may write: use concurrent_index"
        if not self.is_contract:
            yield from (f"{table}: drops a table" for table in self._found(TAKEN, statement))

    def _alteration_faults(self, action: str) -> Iterator[str]:
        wrong = HOLDS_UP if self.is_contract else HOLDS_UP | TAKES_AWAY
        yield from (fault for sign, fault in wrong.items() if re.search(sign, action, IN_TEXT))
        if not re.match(r"ADD\s+COLUMN", action, re.IGNORECASE):
            return
        has_default = re.search(r"\bDEFAULT\b", action, re.IGNORECASE)
        if has_default and not CONSTANT.search(action):
            yield "a default that is worked out for each row rewrites the table"
        if not has_default and re.search(r"\bNOT NULL\b", action, re.IGNORECASE):
            yield "NOT NULL without a default refuses what the version before writes"

    def _faults_together(self, statements: Sequence[str]) -> Iterator[str]:
        altered = [alteration for one in statements for alteration in self._alterations(one)]
        validated = {table for table, action in altered if action.upper().startswith("VALIDATE")}
        others = {table for table, action in altered if not action.upper().startswith("VALIDATE")}
        for table in validated & others:
            yield f"{table}: validated while it is locked: do it in the next migration"
        if any(map(CONCURRENTLY.search, statements)) and (
            altered or not all(_is_alone_with_index(one) for one in statements)
        ):
            yield "an index is made concurrently beside other changes: give it its own migration"

    def _lock_faults(self, statements: Sequence[str]) -> Iterator[str]:
        """Tell what waits for a table while another is held: guests may be chosen as its victim."""
        held: dict[str, bool] = {}
        for one in statements:
            asked = dict(self._locks(one))
            for table, keeps_readers_out in asked.items():
                if held and table not in held:
                    yield f"{table}: locked while another table is: give it its own migration"
                elif keeps_readers_out and not held.get(table, True):
                    yield f"{table}: locked more strongly than before: begin with that"
            held |= {table: asked[table] or held.get(table, False) for table in asked}

    def _locks(self, statement: str) -> Iterator[tuple[str, bool]]:
        """Give the tables that are kept from writers, and whether from readers too."""
        for table in self._found(REFERRED, statement):
            yield table, False
        for table, action in self._alterations(statement):
            if not action.upper().startswith("VALIDATE"):
                yield table, not FOREIGN.search(action)

    def _alterations(self, statement: str) -> Iterator[tuple[str, str]]:
        for found in ALTER.finditer(statement):
            if self._is_standing(found[1]):
                yield found[1], found[2].strip()

    def _found(self, pattern: re.Pattern[str], statement: str) -> Iterator[str]:
        return (one[1] for one in pattern.finditer(statement) if self._is_standing(one[1]))

    def _is_standing(self, table: str) -> bool:
        return table in self.standing and not table.startswith(NOT_OURS)


def _is_alone_with_index(statement: str) -> bool:
    return bool(CONCURRENTLY.search(statement)) or not re.match(
        r"\s*(?:CREATE|ALTER|DROP|INSERT|UPDATE|DELETE)\b", statement, re.IGNORECASE
    )
