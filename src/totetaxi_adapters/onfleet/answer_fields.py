"""Single fields of Onfleet's answers. What is absent, null or of another kind is not there."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Json: TypeAlias = Mapping[str, object]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING: Json = {}


def part(answer: Json, name: str) -> Json:
    """Return an object within the answer, empty where there is none."""
    value = answer.get(name)
    return value if isinstance(value, dict) else NOTHING


def parts(answer: object) -> tuple[Json, ...]:
    """Return the objects of a list."""
    listed = answer if isinstance(answer, list) else []
    return tuple(one for one in listed if isinstance(one, dict))


def text(answer: Json, name: str) -> str:
    value = answer.get(name)
    return _storable(value) if isinstance(value, str) else ""


def texts(answer: Json, name: str) -> tuple[str, ...]:
    """Return the texts of a list that are not empty, each once."""
    value = answer.get(name)
    listed = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(_storable(one) for one in listed if isinstance(one, str) and one))


def _storable(value: str) -> str:
    """Return it without what no database takes: NUL, and halves of a character."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def number(answer: Json, name: str) -> float | None:
    value = answer.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def flag(answer: Json, name: str) -> bool | None:
    value = answer.get(name)
    return value if isinstance(value, bool) else None


def instant(answer: Json, name: str) -> datetime | None:
    """Return an instant given in milliseconds, in UTC."""
    value = number(answer, name)
    if value is None:
        return None
    try:
        return EPOCH + timedelta(milliseconds=value)
    except (OverflowError, ValueError):
        return None


def coordinates(answer: Json, name: str) -> tuple[float, float] | None:
    """Return a place as (longitude, latitude); an empty list is none."""
    value = answer.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != len("xy"):
        return None
    longitude, latitude = value
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        return None
    return float(longitude), float(latitude)


def milliseconds(at: datetime) -> int:
    """Return an aware instant as Onfleet writes it: whole milliseconds since 1970."""
    return (at - EPOCH) // timedelta(milliseconds=1)
