"""The service's own handlers on ports that nobody reaches: for what is refused before."""

from functools import cache
from operator import itemgetter
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.http.echo import MemorySharedLimiter, healthy
from totetaxi_adapters.settings import settings_from
from totetaxi_http.app import create_app
from totetaxi_http.health import HealthReport
from totetaxi_http.service import service_handlers

METHODS = ("get", "post", "put", "patch", "delete")


async def _health() -> HealthReport:
    return healthy()


class NoLimits(MemorySharedLimiter):
    async def hit(self, key: str, *, limit: int, window_s: int) -> float | None:
        del key, limit, window_s
        return None


@cache
def service_app(**settings: str) -> Litestar:
    """Return an application by its settings, the same each time."""
    return create_app(
        settings_from(settings),
        handlers=service_handlers(),
        health=_health,
        shared_limiter=NoLimits(),
    )


@cache
def document() -> dict[str, Any]:
    """Return the service's OpenAPI document."""
    app = service_app()
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    return schema


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return the method, path and description of every operation."""
    return [
        (method, path, item[method])
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    ]


def handlers() -> list[HTTPRouteHandler]:
    """Return the handler of every operation."""
    return [
        handler
        for route in service_app().routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in sorted(route.route_handler_map.items(), key=itemgetter(0))
        if method.lower() in METHODS and handler.resolve_include_in_schema()
    ]


def examples_in(content: dict[str, Any]) -> list[Any]:
    """Return the values shown with a body's or an answer's content."""
    return [one["value"] for media in content.values() for one in media["examples"].values()]
