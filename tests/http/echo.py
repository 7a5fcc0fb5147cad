"""A tiny API that shows the foundation at work, without any business."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import httpx
from litestar import Litestar, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from totetaxi_adapters.settings import Settings, settings_from
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_http.app import create_app
from totetaxi_http.health import HealthReport
from totetaxi_http.openapi import problems
from totetaxi_http.wire.constraints import ColonSeparated, Items, Real, Text, Whole
from totetaxi_http.wire.contact import EmailAddress, PhoneNumber
from totetaxi_http.wire.postal import StateCode, ZipCode
from totetaxi_http.wire.query import FromQueryClass, query_of


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Piece:
    """How many of one thing."""

    id: UUID
    quantity: Annotated[int, Whole(minimum=1, maximum=5)]


@attrs.frozen(kw_only=True)
class Address:
    """Where."""

    zip_code: ZipCode
    state: StateCode = "NY"
    latitude: Annotated[float, Real(minimum=-90, maximum=90)] | None = None


@attrs.frozen(kw_only=True)
class Echo:
    """A body with a field of every kind."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {"name": "Ada", "count": 2}

    name: Annotated[str, Text(max_length=20)] = attrs.field(
        metadata={"description": "What to call it.", "example": "Ada"}
    )
    count: Annotated[int, Whole(minimum=1, maximum=99)]
    note: Annotated[str, Text(max_length=50, min_length=0, multiline=True)] = ""
    sure: bool = False
    color: Color = Color.RED
    on: date | None = None
    at: time | None = None
    since: datetime | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    address: Address | None = None
    pieces: Annotated[tuple[Piece, ...], Items(max_length=3)] = ()

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        """Refuse the state's forbidden name."""
        if "name" in good and good["name"] == state.get("forbidden"):
            yield FieldFault(field="name", code="forbidden_name", message="is taken")


@attrs.frozen(kw_only=True)
class Search:
    """A query with a field of every kind."""

    limit: Annotated[int, Whole(minimum=1, maximum=100)] = attrs.field(
        metadata={"description": "At most this many."}
    )
    exact: bool = False
    on: date | None = None
    color: Color | None = None
    ids: tuple[UUID, ...] = ()
    pieces: Annotated[
        tuple[Annotated[Piece, ColonSeparated(("id", "quantity"))], ...], Items(max_length=3)
    ] = ()


class TakenError(DomainError):
    code = "slot_unavailable"
    field = "pickup_time"


class GoneError(DomainError):
    code = "booking_not_found"


class NeverListedError(DomainError):
    code = "never_listed"


class LoginNeededError(DomainError):
    code = "unauthorized"


class ProviderDownError(DomainError):
    code = "payment_unavailable"
    retry_after_s = 7


class DiscountError(DomainError):
    code = "discount_unavailable"


class DiscountLostError(DiscountError):
    lost_race = True


class PriceChangedError(DomainError):
    code = "price_changed"

    def __init__(self, total_cents: int) -> None:
        super().__init__("The price is another now.")
        self.total_cents = total_cents


REFUSALS: dict[str, DomainError] = {
    "taken": TakenError("No crew is free then."),
    "gone": GoneError("No such booking."),
    "unlisted": NeverListedError("A refusal nobody listed."),
    "login": LoginNeededError("Log in first."),
    "down": ProviderDownError("The payment provider is down."),
    "discount": DiscountError("Not valid."),
    "lost": DiscountLostError("Not valid any more."),
    "price": PriceChangedError(total_cents=123),
    "rules": InvalidInputError((FieldFault(field="a.0.b", code="odd", message="is odd"),)),
}


@post("/echo", status_code=200, responses=problems(409, codes=("slot_unavailable",)))
async def echo(data: JSONBody[Echo]) -> Echo:
    """Answer what came."""
    return data


@get("/search", dependencies={"search": query_of(Search)})
async def search(search: FromQueryClass[Search]) -> Search:
    """Answer what was asked."""
    return search


@get("/things/{thing_id:uuid}")
async def thing(thing_id: FromPath[UUID]) -> dict[str, UUID]:
    """Answer the id."""
    return {"id": thing_id}


@get("/refuse/{name:str}")
async def refuse(name: FromPath[str]) -> None:
    """Refuse, as asked."""
    raise REFUSALS[name]


@get("/moments")
async def moments() -> dict[str, object]:
    """Answer one of each."""
    return {
        "instant": datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("America/New_York")),
        "date": date(2026, 12, 1),
        "time": time(9, 30),
        "id": UUID(int=1),
    }


@post("/login", opt={"rate_limit": "login"}, status_code=200)
async def login() -> dict[str, str]:
    """Do nothing, seldom."""
    return {}


class MemorySharedLimiter:
    """Refuses from the third call of a key on."""

    def __init__(self) -> None:
        self.hits: list[str] = []

    async def hit(self, key: str, *, limit: int, window_s: int) -> float | None:
        del limit
        self.hits.append(key)
        return window_s / 2 if self.hits.count(key) > 2 else None


def healthy() -> HealthReport:
    return HealthReport(
        status="healthy",
        timestamp=datetime(2026, 12, 1, tzinfo=UTC),
        services={"database": "healthy"},
        heartbeats={"worker": datetime(2026, 12, 1, tzinfo=UTC)},
        ready=True,
    )


def echo_app(
    environ: Mapping[str, str] | None = None,
    *,
    report: HealthReport | None = None,
    limiter: MemorySharedLimiter | None = None,
    **options: Any,  # noqa: ANN401  those of create_app
) -> Litestar:
    async def read() -> HealthReport:
        return report or healthy()

    settings: Settings = settings_from(environ or {})
    return create_app(
        settings,
        handlers=[echo, search, thing, refuse, moments, login],
        health=read,
        shared_limiter=limiter or MemorySharedLimiter(),
        state={"forbidden": "Nobody"},
        **options,
    )


@asynccontextmanager
async def client_of(
    app: Litestar, *, address: str = "203.0.113.9", headers: Sequence[tuple[str, str]] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=cast("Any", app), client=(address, 40_000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=list(headers)
    ) as client:
        yield client
