"""The HTTP application: Litestar, with what every answer needs around it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

from litestar import Litestar
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.types import (
    AfterExceptionHookHandler,
    ASGIApp,
    ControllerRouterHandler,
    Middleware,
    Scope,
)
from prometheus_client.exposition import generate_latest

from totetaxi_adapters.metrics.meters import Meters
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.spans import NoSpans, Spans
from totetaxi_http.access_log import AccessLog
from totetaxi_http.allowed_host import AllowedHosts
from totetaxi_http.allowed_methods import allow_every_method
from totetaxi_http.clean_path import CleanPaths
from totetaxi_http.client_address import ClientAddresses
from totetaxi_http.cors import cors_config
from totetaxi_http.cut_off import CutOffRequests
from totetaxi_http.head_request import HeadRequests
from totetaxi_http.health import ReadHealth, health_router
from totetaxi_http.metrics import ReadMetrics, metrics_handler
from totetaxi_http.openapi import openapi_config
from totetaxi_http.openapi_operation import DocumentedOperations
from totetaxi_http.problem import ProblemFacts, problem_handlers
from totetaxi_http.rate_limit import AccountOf, RateLimiting, RateLimits, SharedRateLimiter
from totetaxi_http.request_id import RequestIds
from totetaxi_http.security_headers import SecurityHeaders
from totetaxi_http.wire.dto import StructuredBodies
from totetaxi_http.wire.query import NoOtherQueries
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import WireSchemas

MAX_BODY_BYTES = 256 * 1_024

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def _no_account(scope: Scope) -> str | None:
    del scope
    return None


def create_app(  # noqa: PLR0913  the seams of the process, each named once
    settings: Settings,
    *,
    handlers: Sequence[ControllerRouterHandler],
    health: ReadHealth,
    shared_limiter: SharedRateLimiter,
    meters: Meters | None = None,
    state: Mapping[str, object] | None = None,
    lifespan: Sequence[Lifespan] = (),
    middleware: Sequence[Middleware] = (),
    account_of: AccountOf = _no_account,
    problem_facts: Mapping[str, ProblemFacts] | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    read_metrics: ReadMetrics | None = None,
    spans: Spans | None = None,
    after_exception: Sequence["AfterExceptionHookHandler[Exception]"] = (),
) -> Litestar:
    """Return the application serving `handlers`.

    `middleware` runs before the rate limits, so that it may tell `account_of` who calls.
    `problem_facts` adds members to the problem of a refusal, by its code. The limits are
    in the state as `rate_limits`, for handlers that learn the account from the body.
    `after_exception` hears of each refusal before it is answered. In production nobody reads
    metrics here, where the world calls: METRICS_LISTEN is for that.
    """
    meters = meters or Meters()
    limits = RateLimits(settings, shared=shared_limiter)

    async def requests_alone() -> bytes:
        return generate_latest(meters.registry)

    app = Litestar(
        route_handlers=[
            *handlers,
            health_router(health),
            *([] if settings.is_production else [metrics_handler(read_metrics or requests_alone)]),
        ],
        before_send=[allow_every_method],
        cors_config=cors_config(settings),
        after_exception=list(after_exception),
        exception_handlers=problem_handlers(problem_facts or {}),
        lifespan=list(lifespan),
        logging_config=None,
        middleware=[
            *middleware,
            DefineMiddleware(RateLimiting, limits=limits, account_of=account_of),
            NoOtherQueries,
        ],
        openapi_config=openapi_config(),
        plugins=[StructuredBodies(), WireSchemas(), DocumentedOperations()],
        request_max_body_size=max_body_bytes,
        response_class=WireResponse,
        state=State({**(state or {}), "rate_limits": limits}),
    )
    # Outside Litestar's own stack, which never sees a request that matches no route.
    log = partial(AccessLog, meter=meters.requests, spans=spans or NoSpans())
    app.asgi_handler = _around(app.asgi_handler, settings, access_log=log)
    return app


def _around(
    inner: ASGIApp, settings: Settings, *, access_log: Callable[[ASGIApp], ASGIApp]
) -> ASGIApp:
    app: ASGIApp = AllowedHosts(
        CleanPaths(HeadRequests(CutOffRequests(inner))),
        hosts=settings.allowed_hosts,
        loopback=not settings.is_production,
    )
    if settings.trusted_proxies:
        app = ClientAddresses(app, trusted=settings.trusted_proxies)
    app = access_log(app)
    app = SecurityHeaders(app, https_only=settings.is_production)
    return RequestIds(app)
