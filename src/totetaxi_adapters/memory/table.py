"""Tables of immutable rows, and what one transaction sees of them."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from totetaxi_adapters.memory.transaction import Transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BrokenConstraintError(RuntimeError):
    """A row that the database would refuse, and no use case may write."""


class Table(Generic[K, V]):
    """The committed rows by key. An index finds the rows that have a value without a scan."""

    def __init__(self, **indexes: Callable[[V], Hashable]) -> None:
        self.rows: dict[K, V] = {}
        self._indexes = indexes
        self._keys: dict[tuple[str, Hashable], dict[K, None]] = {}

    def value_of(self, index: str, row: V) -> Hashable:
        return self._indexes[index](row)

    def keys_where(self, index: str, value: Hashable) -> Mapping[K, None]:
        return self._keys.get((index, value), {})

    def publish(self, changes: Mapping[K, V | None]) -> None:
        """Store each row; None removes it."""
        for key, row in changes.items():
            self._remove(key)
            if row is not None:
                self.rows[key] = row
                for index, value_of in self._indexes.items():
                    self._keys.setdefault((index, value_of(row)), {})[key] = None

    def _remove(self, key: K) -> None:
        row = self.rows.pop(key, None)
        if row is not None:
            for index, value_of in self._indexes.items():
                del self._keys[index, value_of(row)][key]


class View(Generic[K, V]):
    """A table as its transaction sees it: what others have committed by now, and its own changes.

    Changes reach the table when the transaction commits. The order of rows is no promise.
    """

    def __init__(self, table: Table[K, V], transaction: Transaction) -> None:
        self._table, self._transaction = table, transaction
        self._changes: dict[K, V | None] = {}

    def get(self, key: K) -> V | None:
        return self._changes[key] if key in self._changes else self._table.rows.get(key)

    def insert(self, key: K, row: V) -> None:
        """Add a row.

        Raises:
            BrokenConstraintError: there is one of this key.
        """
        if self.get(key) is not None:
            raise BrokenConstraintError(f"{key} is there already")
        self._change(key, row)

    def update(self, key: K, row: V) -> None:
        """Replace a row.

        Raises:
            BrokenConstraintError: there is none of this key.
        """
        if self.get(key) is None:
            raise BrokenConstraintError(f"{key} is not there")
        self._change(key, row)

    def put(self, key: K, row: V) -> None:
        self._change(key, row)

    def remove(self, key: K) -> None:
        self._change(key, None)

    def changed(self) -> list[V]:
        """Return the rows that this transaction has stored, as they now stand."""
        return [row for row in self._changes.values() if row is not None]

    def all(self) -> Iterator[V]:
        """Yield every row; nothing may be changed meanwhile."""
        for key, row in self._table.rows.items():
            if key not in self._changes:
                yield row
        yield from (row for row in self._changes.values() if row is not None)

    def items(self) -> list[tuple[K, V]]:
        """Return every row with its key."""
        every = self._table.rows | self._changes
        return [(key, row) for key, row in every.items() if row is not None]

    def where(self, index: str, value: Hashable) -> list[V]:
        """Return the rows that have this value in the index."""
        kept = [
            self._table.rows[key]
            for key in self._table.keys_where(index, value)
            if key not in self._changes
        ]
        changed = (row for row in self._changes.values() if row is not None)
        return kept + [row for row in changed if self._table.value_of(index, row) == value]

    def require_only(self, key: K, *, index: str, value: Hashable) -> None:
        """Refuse a second row of this value; None may be had by many.

        Raises:
            BrokenConstraintError: another row has it.
        """
        owner = self.get(key)
        if value is not None and any(row is not owner for row in self.where(index, value)):
            raise BrokenConstraintError(f"{index} {value} belongs to another row")

    def _change(self, key: K, row: V | None) -> None:
        """Keep it aside; whoever changes nothing is not asked when the transaction commits."""
        if not self._changes:
            self._transaction.enlist(lambda: self._table.publish(self._changes))
        self._changes[key] = row
