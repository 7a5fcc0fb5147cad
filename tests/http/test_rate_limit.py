"""Limits: per address and account, here in the process or shared."""

from litestar.types import Scope

from tests.http.echo import MemorySharedLimiter, client_of, echo_app
from totetaxi_http.rate_limit import ProcessRateLimiter


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_given_a_full_burst_when_time_passes_then_calls_return_evenly() -> None:
    clock = Clock()
    limiter = ProcessRateLimiter(monotonic_s=clock)
    burst = [limiter.hit("a", limit=6, window_s=60) for _ in range(6)]

    refused = limiter.hit("a", limit=6, window_s=60)
    clock.now_s += 10
    after_ten = [limiter.hit("a", limit=6, window_s=60) for _ in range(2)]

    assert burst == [None] * 6
    assert refused == 10.0
    assert after_ten[0] is None
    assert after_ten[1] is not None


def test_given_a_refused_caller_when_it_goes_on_then_waiting_gets_no_longer() -> None:
    limiter = ProcessRateLimiter(monotonic_s=Clock())
    limiter.hit("a", limit=1, window_s=60)

    waits = [limiter.hit("a", limit=1, window_s=60) for _ in range(50)]

    assert waits == [60.0] * 50


def test_given_more_keys_than_room_when_counted_then_the_oldest_is_forgotten() -> None:
    limiter = ProcessRateLimiter(monotonic_s=Clock(), most_keys=2)
    for key in ("a", "b", "c"):
        limiter.hit(key, limit=1, window_s=60)

    forgotten = limiter.hit("a", limit=1, window_s=60)
    kept = limiter.hit("c", limit=1, window_s=60)

    assert forgotten is None
    assert kept is not None


async def test_given_the_default_limit_when_passed_then_it_is_429_with_a_time() -> None:
    app = echo_app({"RATELIMIT_DEFAULT": "2/minute"})

    async with client_of(app) as client:
        statuses = [(await client.get("/moments")).status_code for _ in range(2)]
        refused = await client.get("/moments")
        health = await client.get("/health/live")

    assert statuses == [200, 200]
    assert (refused.status_code, refused.json()["error_type"]) == (429, "rate_limited")
    assert 29 <= int(refused.headers["retry-after"]) <= 30
    assert health.status_code == 200


async def test_given_one_address_at_its_limit_when_another_calls_then_it_is_served() -> None:
    app = echo_app({"RATELIMIT_DEFAULT": "1/minute"})

    async with client_of(app, address="203.0.113.1") as first:
        await first.get("/moments")
        refused = await first.get("/moments")
    async with client_of(app, address="203.0.113.2") as second:
        served = await second.get("/moments")

    assert (refused.status_code, served.status_code) == (429, 200)


async def test_given_a_named_limit_when_called_then_the_shared_counter_decides() -> None:
    shared = MemorySharedLimiter()
    app = echo_app(limiter=shared)

    async with client_of(app, address="2001:db8::1") as client:
        statuses = [(await client.post("/login")).status_code for _ in range(3)]
        last = await client.post("/login")

    assert statuses == [200, 200, 429]
    assert last.headers["retry-after"] == "30"
    assert set(shared.hits) == {"login:address:2001:db8::/64"}


async def test_given_an_account_when_it_calls_then_it_is_counted_beside_its_address() -> None:
    def account_of(scope: Scope) -> str | None:
        return dict(scope["headers"]).get(b"x-account", b"").decode() or None

    shared = MemorySharedLimiter()
    app = echo_app(limiter=shared, account_of=account_of)

    async with client_of(app) as client:
        await client.post("/login", headers={"x-account": "42"})

    assert shared.hits == ["login:address:203.0.113.9", "login:account:42"]


async def test_given_limits_lifted_when_called_often_then_nobody_counts() -> None:
    shared = MemorySharedLimiter()
    app = echo_app({"RATELIMIT_ENABLE": "false", "RATELIMIT_DEFAULT": "1/day"}, limiter=shared)

    async with client_of(app) as client:
        statuses = {(await client.get("/moments")).status_code for _ in range(5)}
        statuses |= {(await client.post("/login")).status_code for _ in range(5)}

    assert statuses == {200}
    assert shared.hits == []
