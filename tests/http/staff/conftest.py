"""The service on a database of its own, with members of staff to call it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.core.staff.staffing import PASSWORD, new_staff
from tests.http.echo import client_of
from tests.http.one_app import app_on
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import create_staff
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import ActFilter, StaffAct

NO_STRIPE = "http://127.0.0.1:1"


@dataclass(kw_only=True)
class Desk:
    """A service, and who works there."""

    wiring: Wiring
    http: httpx.AsyncClient
    root: StaffAccount
    tokens: dict[str, str] = field(default_factory=dict)

    async def hire(self, username: str, role: Role, *flags: Flag) -> StaffAccount:
        new = new_staff(username, role, *flags)
        return await create_staff(new, self.wiring.ports, self.wiring.credentials, by=self.root)

    async def log_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        body = {"username": username, "password": password}
        return await self.http.post("/api/staff/login", json=body)

    async def headers(self, username: str) -> dict[str, str]:
        """Return the header of somebody logged in, the same each time."""
        if username not in self.tokens:
            answer = await self.log_in(username)
            self.tokens[username] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[username]}"}

    async def get(self, path: str, *, by: str, **query: object) -> httpx.Response:
        asked: dict[str, Any] = query
        headers = await self.headers(by)
        return await self.http.get(f"/api/staff/{path}", params=asked, headers=headers)

    async def post(self, path: str, body: object = None, *, by: str) -> httpx.Response:
        headers = await self.headers(by)
        return await self.http.post(f"/api/staff/{path}", json=body, headers=headers)

    async def put(
        self, path: str, body: object, *, by: str, if_match: str | None = None
    ) -> httpx.Response:
        headers = await self.headers(by)
        if if_match is not None:
            headers = {**headers, "If-Match": if_match}
        return await self.http.put(f"/api/staff/{path}", json=body, headers=headers)

    async def patch(self, path: str, body: object, *, by: str) -> httpx.Response:
        headers = await self.headers(by)
        return await self.http.patch(f"/api/staff/{path}", json=body, headers=headers)

    async def last_act(self) -> StaffAct:
        async with self.wiring.ports.unit_of_work() as uow:
            [newest] = await uow.staff_acts.page(ActFilter(), limit=1)
        return newest.act

    async def acts(self) -> list[tuple[str, str, bool]]:
        """Return who did what, and whether it was refused, oldest first."""
        async with self.wiring.ports.unit_of_work() as uow:
            found = await uow.staff_acts.chained(after=0, limit=1_000)
        return [(one.act.staff_name, one.act.action_type, one.act.is_refused) for one in found]


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    settings = settings_from({"RATELIMIT_ENABLE": "false"})
    async with wired(settings, database_url, sandbox_url=NO_STRIPE) as wiring:
        new = new_staff("root", Role.ADMIN)
        root = await create_staff(new, wiring.ports, wiring.credentials, by=None)
        async with client_of(app_on(wiring)) as http:
            yield Desk(wiring=wiring, http=http, root=root)
