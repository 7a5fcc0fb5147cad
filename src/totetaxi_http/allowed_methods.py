"""The `Allow` of an answer to OPTIONS: each method of the path, not its first handler's alone."""

from litestar.datastructures.headers import MutableScopeHeaders
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope


async def allow_every_method(message: Message, scope: Scope) -> None:
    """Name them all; handlers of one path are registered apart, and each knows of itself."""
    if message["type"] != "http.response.start" or scope.get("method") != "OPTIONS":
        return
    headers = MutableScopeHeaders.from_message(message)
    if "allow" in headers:
        path, routes = scope["path_template"], scope["litestar_app"].routes
        ours = (route for route in routes if isinstance(route, HTTPRoute))
        methods = {
            method for route in ours if route.path_format == path for method in route.methods
        }
        headers["allow"] = ", ".join(sorted(methods))
