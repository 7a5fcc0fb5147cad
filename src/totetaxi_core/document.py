"""Reads a plain document (parsed JSON) field by field and names every fault by its dotted path."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from totetaxi_core.refusal import FieldFault, InvalidInputError

Choice = TypeVar("Choice", bound=StrEnum)
T = TypeVar("T")
Flaw = tuple[str, str]
MAX_TEXT = 500
MAX_WHOLE = 100_000_000


class Section:
    """One object of a document.

    Each read notes its faults and answers a harmless value for a bad one, so that a single pass
    finds them all; `finish` refuses the whole if there are any. What is no object at all has that
    one fault, and none for each field it lacks.
    """

    def __init__(self, value: object, *, path: str = "", faults: list[FieldFault]) -> None:
        self._fields: Mapping[str, object] = {}
        self._path = path
        self.faults = faults
        self._seen: set[str] = set()
        self._is_object = isinstance(value, Mapping)
        if isinstance(value, Mapping):
            self._fields = value
        else:
            self._note("", "wrong_type", "must be an object")

    @classmethod
    def root(cls, document: object) -> "Section":
        return cls(document, faults=[])

    def at(self, name: str) -> str:
        return ".".join(part for part in (self._path, name) if part)

    def fault(self, name: str, code: str, message: str) -> None:
        if self._is_object:
            self._note(name, code, message)

    def _note(self, name: str, code: str, message: str) -> None:
        field = _encodable(self.at(name))
        self.faults.append(FieldFault(field=field, code=code, message=_encodable(message)))

    def finish(self) -> None:
        """Refuse the document if any section had a fault.

        Raises:
            InvalidInputError: with every fault, in the order of reading.
        """
        self.close()
        if self.faults:
            raise InvalidInputError(self.faults)

    def close(self) -> None:
        """Note every field that nobody read."""
        for name in self._fields:
            if name not in self._seen:
                self.fault(str(name), "unknown_field", "is not a field we know")
        self._seen.update(self._fields)

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        self._seen.add(name)
        return self._fields.get(name) is not None

    def raw(self, name: str) -> object:
        """Return the field as it is, None when absent; a required one is asked for by `has`."""
        self._seen.add(name)
        return self._fields.get(name)

    def text(self, name: str, *, default: str | None = None, max_length: int = MAX_TEXT) -> str:
        value = self._value(name, default)
        if isinstance(value, str):
            if len(value) > max_length:
                self.fault(name, "too_long", f"must be at most {max_length} characters")
            if default is None and not value.strip():
                self.fault(name, "blank", "must not be blank")
            if not is_storable(value):
                self.fault(name, "unstorable", UNSTORABLE)
            return value
        return self._wrong(name, value, "must be text", "")

    def whole(
        self, name: str, *, default: int | None = None, minimum: int = 0, maximum: int = MAX_WHOLE
    ) -> int:
        value = self._value(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            if not minimum <= value <= maximum:
                self.fault(name, "out_of_range", f"must be between {minimum} and {maximum}")
            return value
        return self._wrong(name, value, "must be a whole number", minimum)

    def optional_whole(
        self, name: str, *, minimum: int = 0, maximum: int = MAX_WHOLE
    ) -> int | None:
        return self.whole(name, minimum=minimum, maximum=maximum) if self.has(name) else None

    def number(self, name: str, *, minimum: float, maximum: float) -> float:
        value = self._value(name, None)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not minimum <= value <= maximum:
                self.fault(name, "out_of_range", f"must be between {minimum} and {maximum}")
                return minimum
            return float(value)
        return self._wrong(name, value, "must be a number", minimum)

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        value = self._value(name, default)
        if isinstance(value, bool):
            return value
        return self._wrong(name, value, "must be true or false", default=False)

    def choice(self, name: str, choices: type[Choice], *, default: Choice | None = None) -> Choice:
        value = self._value(name, default)
        first = next(iter(choices))
        if isinstance(value, str):
            if value in choices.__members__.values():
                return choices(value)
            names = ", ".join(choices)
            self.fault(name, "invalid_choice", f"must be one of {names}")
            return first
        return self._wrong(name, value, "must be text", first)

    def choices(self, name: str, choices: type[Choice]) -> tuple[Choice, ...]:
        """Read a list of distinct choices; absent is empty, empty itself is a fault."""
        known: Collection[str] = list(choices)
        names = ", ".join(known)

        def flaw(value: str) -> Flaw | None:
            return None if value in known else ("invalid_choice", f"must be one of {names}")

        return tuple(choices(value) for value in self.texts(name, flaw=flaw) if value in known)

    def texts(
        self, name: str, *, flaw: Callable[[str], Flaw | None] = lambda _: None
    ) -> tuple[str, ...]:
        """Read a list of distinct texts; absent is empty, empty itself is a fault.

        `flaw` tells what is wrong with an entry, as the code and message of its fault.
        """
        if not self.has(name):
            return ()
        values = self._list(name)
        if values == []:
            self.fault(name, "empty", "must not be empty; leave the field out instead")
        good: dict[str, None] = {}
        for index, value in enumerate(values or ()):
            found = flaw(value) if isinstance(value, str) else ("wrong_type", "must be text")
            if isinstance(value, str):
                found = ("duplicate", f"{value} is listed twice") if value in good else found
                good[value] = None
            if found is not None:
                self.fault(f"{name}.{index}", *found)
        return tuple(good)

    def uuid(self, name: str) -> UUID:
        value = self._value(name, None)
        try:
            return _uuid(value) if isinstance(value, str) else self._no_uuid(name, value)
        except ValueError:
            return self._no_uuid(name, "")

    def day(self, name: str) -> date | None:
        return self._parsed(name, _date, "a date such as 2026-12-01")

    def clock(self, name: str) -> time | None:
        return self._parsed(name, _whole_minute, "a time such as 09:30")

    def instant(self, name: str) -> datetime | None:
        return self._parsed(name, _aware, "an instant with its zone, such as 2026-12-01T14:00:00Z")

    def section(self, name: str) -> "Section":
        """Open a required object."""
        value = self._value(name, None)
        faults = self.faults if self._is_object else []
        return Section({} if value is None else value, path=self.at(name), faults=faults)

    def sections(self, name: str) -> Iterator["Section"]:
        """Open each object of a list; absent is empty. Each is closed after its turn."""
        for index, value in enumerate((self.has(name) and self._list(name)) or ()):
            section = Section(value, path=self.at(f"{name}.{index}"), faults=self.faults)
            yield section
            section.close()

    def mapping(self, name: str) -> Mapping[str, object]:
        """Return an object whose keys are data, not fields; absent is empty."""
        value = self.raw(name)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.fault(name, "wrong_type", "must be an object")
        return {}

    def _list(self, name: str) -> list[object] | None:
        value = self.raw(name)
        if isinstance(value, list | tuple):
            return list(value)
        self.fault(name, "wrong_type", "must be a list")
        return None

    def _value(self, name: str, default: object) -> object:
        self._seen.add(name)
        value = self._fields.get(name)
        return default if value is None else value

    def _wrong(self, name: str, value: object, message: str, default: T) -> T:
        if value is None:
            self.fault(name, "missing", "is required")
        else:
            self.fault(name, "wrong_type", message)
        return default

    def _no_uuid(self, name: str, value: object) -> UUID:
        return self._wrong(name, value, "must be a UUID", UUID(int=0))

    def _parsed(self, name: str, parse: Callable[[str], T], what: str) -> T | None:
        if not self.has(name):
            return None
        value = self.raw(name)
        try:
            if isinstance(value, str):
                return parse(value)
        except ValueError:
            self.fault(name, "wrong_type", f"must be {what}")
            return None
        return self._wrong(name, value, f"must be {what}", None)


def is_storable(text: str) -> bool:
    """Tell whether a database can keep it: no null character, no half of a surrogate pair."""
    return "\0" not in text and _encodable(text) == text


UNSTORABLE = "must not hold null characters or broken Unicode"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# One spelling each: the parsers of the standard library take many more (`2026-W49-2`, `0930Z`).


def _uuid(text: str) -> UUID:
    value = UUID(text)
    # The one of zeros stands for an id that is missing: no entry may have it.
    if str(value) != text.lower() or not value.int:
        raise ValueError(text)
    return value


def _date(text: str) -> date:
    value = date.fromisoformat(text)
    if value.isoformat() != text:
        raise ValueError(text)
    return value


def _whole_minute(text: str) -> time:
    value = time.fromisoformat(text)
    if value.second or value.isoformat() not in (text, f"{text}:00"):
        raise ValueError(text)
    return value


def _aware(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    return value
