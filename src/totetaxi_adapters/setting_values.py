"""What a setting can be, and how it is read from the text of an environment variable."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Self, get_origin
from urllib.parse import urlsplit

import attrs
from cattrs import Converter

Network = IPv4Network | IPv6Network

_WINDOWS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
HIGHEST_PORT = 65_535
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


class Environment(StrEnum):
    """Where the service runs; only production talks to real customers."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


@attrs.frozen(repr=False)
class Secret:
    """A value no log or traceback may show; `reveal()` where it is used."""

    _value: str = attrs.field(alias="value")

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"


@attrs.frozen(kw_only=True)
class Rate:
    """At most `limit` calls in `window_s` seconds; written `30/minute`."""

    limit: int
    window_s: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `30/minute`; the window is a second, minute, hour or day.

        Raises:
            ValueError: it is written otherwise, or the limit is not positive.
        """
        count, _, window = text.partition("/")
        if not _WHOLE.fullmatch(count) or int(count) < 1 or window not in _WINDOWS_S:
            raise ValueError("must be written like 30/minute (second, minute, hour or day)")
        return cls(limit=int(count), window_s=_WINDOWS_S[window])

    def __str__(self) -> str:
        names = {seconds: name for name, seconds in _WINDOWS_S.items()}
        return f"{self.limit}/{names[self.window_s]}"


@attrs.frozen(kw_only=True)
class Place:
    """Where to listen; written `127.0.0.1:9464`, or `[::1]:9464`. Port 0 takes a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read host and port.

        Raises:
            ValueError: either is missing, or the port is none.
        """
        host, _, port = text.strip().rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        if not bare or not _WHOLE.fullmatch(port) or not 0 <= int(port) <= HIGHEST_PORT:
            raise ValueError("must be written like 127.0.0.1:9464")
        return cls(host=bare, port=int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@attrs.frozen(kw_only=True)
class Within:
    """Bounds of a whole number, both included."""

    minimum: int
    maximum: int


@attrs.frozen
class Url:
    """The schemes an address may have."""

    schemes: tuple[str, ...]


HttpUrl = Annotated[str, Url(("http", "https"))]


def environment_converter() -> Converter:
    """Return a converter whose hooks read text and raise ValueError with a plain sentence."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    hooks: tuple[tuple[Any, Callable[[str], Any]], ...] = (
        (str, str.strip),
        (bool, _truth),
        (int, _whole),
        (Path, _folder),
        (Secret, _secret),
        (Rate, Rate.parse),
        (Place, Place.parse),
        (datetime, _instant),
        (Environment, _member_of(Environment)),
        (LogLevel, _member_of(LogLevel)),
        (Network, _network),
    )
    for kind, read in hooks:
        converter.register_structure_hook(kind, _ignoring_type(read))
    converter.register_structure_hook_func(_is_limited, _limited)
    converter.register_structure_hook_factory(_is_list)(_listed)
    return converter


def _ignoring_type(read: Callable[[str], Any]) -> Callable[[str, Any], Any]:
    return lambda text, _: read(text)


def _truth(text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    try:
        return known[text.strip().lower()]
    except KeyError as error:
        raise ValueError("must be true, false, 1 or 0") from error


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError("must be a whole number")
    return int(text)


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _secret(text: str) -> Secret:
    return Secret(text.strip())


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError("must be an instant such as 2026-12-01T14:30:00Z") from error
    if moment.tzinfo is None:
        raise ValueError("must be an instant with its offset, such as 2026-12-01T14:30:00Z")
    return moment.astimezone(UTC)


def _member_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        for member in kind:
            if text.strip().lower() == member.value.lower():
                return member
        raise ValueError(f"must be one of {', '.join(member.value for member in kind)}")

    return read


def _network(text: str) -> Network:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise ValueError("must be addresses or CIDR networks, such as 10.0.0.0/8") from error


def _is_limited(kind: Any) -> bool:  # noqa: ANN401  a type expression has no type
    return get_origin(kind) is Annotated


def _is_list(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is tuple


def _limited(text: str, kind: Any) -> Any:  # noqa: ANN401
    limit = kind.__metadata__[0]
    if isinstance(limit, Within):
        number = _whole(text)
        if not limit.minimum <= number <= limit.maximum:
            raise ValueError(f"must be from {limit.minimum} to {limit.maximum}")
        return number
    return _url(text.strip(), limit.schemes)


def _url(text: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in schemes and bool(parts.hostname)
    except ValueError:
        whole = False  # such as an unclosed IPv6 bracket: the same fault as below
    if not whole:
        shown = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"must be an address beginning {shown}")
    return text.rstrip("/")


def _listed(kind: Any, converter: Any) -> Callable[[str, Any], tuple[Any, ...]]:  # noqa: ANN401
    """Return a hook that reads comma-separated text."""
    entry = kind.__args__[0]
    hook = converter.get_structure_hook(entry)

    def structure(text: str, _: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return tuple(hook(part.strip(), entry) for part in text.split(",") if part.strip())

    return structure
