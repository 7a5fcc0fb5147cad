"""No line of a log and no problem shows who somebody is, or what they keep secret."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from tests.core.staff.staffing import new_staff
from tests.scenarios.guest import Guest, Json, an_address, an_order
from tests.scenarios.house import House
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.staff.manage_staff import create_staff
from totetaxi_core.staff.role import Role

EMAIL: Final = "wilhelmina.private@example.com"
PASSWORD: Final = "Very-private-9"
WRONG: Final = "Wrong-private-8"
STAFF_PASSWORD: Final = "Correct-horse-1"
PERSON: Final[Json] = {
    "email": EMAIL,
    "first_name": "Wilhelmina",
    "last_name": "Quastenflosser",
    "phone": "+12125550147",
}
PERSONAL: Final = (
    *PERSON.values(),
    "wilhelmina.private",
    "2125550147",
    "Kleinod Lane",
    PASSWORD,
    WRONG,
    STAFF_PASSWORD,
)
TOKEN: Final = re.compile(r"[?&](?:manage_)?token=([\w.~-]{16,})")


@dataclass
class Caller:
    """Calls the service and remembers what it was told, and every secret it was given."""

    guest: Guest
    problems: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def __call__(
        self, method: str, path: str, body: object = None, *, token: str = "", **headers: str
    ) -> httpx.Response:
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.guest.http.request(method, f"/api/{path}", json=body, headers=shown | headers)
        if answer.status_code >= 400:
            self.problems.append(answer.text)
        else:
            self._keep(answer.json())
        return answer

    def _keep(self, told: Any) -> None:  # noqa: ANN401  whatever JSON holds
        for name in ("access_token", "refresh_token", "manage_token"):
            if isinstance(told, dict) and told.get(name):
                self.secrets.add(told[name])

    def mailed_token(self, kind: str) -> str:
        """Return the token of the newest mail of this kind, once it is there."""
        [found] = TOKEN.findall(self.guest.mails(EMAIL, kind)[-1])
        self.secrets.add(found)
        return str(found)


@pytest.fixture
def caller(empty_house: House) -> Caller:
    asyncio.run(_hire(empty_house.database_url))
    empty_house.start(LOG_LEVEL="DEBUG", STRIPE_API_BASE="")
    return Caller(empty_house.guest)


async def _hire(database_url: str) -> None:
    async with wired(settings_from({}), database_url, sandbox_url="http://127.0.0.1:1") as wiring:
        new = new_staff("root", Role.ADMIN)
        await create_staff(new, wiring.ports, wiring.credentials, by=None)


def test_given_customers_and_staff_at_work_when_logged_then_nothing_personal_is_shown(
    empty_house: House, caller: Caller
) -> None:
    number, booking_id = _book_as_guest(caller, empty_house)
    _live_in_an_account(caller, empty_house)
    _work_at_the_desk(caller, number, booking_id)

    log = empty_house.output()

    assert log.count('"route":"/api/customer/login"') >= 3
    assert len(caller.problems) >= 12
    assert len(caller.secrets) >= 6
    lines = (*log.splitlines(), *caller.problems)
    found = {
        (one, line)
        for one in (*PERSONAL, *caller.secrets)
        for line in lines
        if one.lower() in line.lower()
    }
    assert found == set()


def _book_as_guest(call: Caller, house: House) -> tuple[str, str]:
    """Book, be refused the same again, a bad one, and another's."""
    address = an_address(address_line_1="7 Kleinod Lane")
    order = an_order(house.next_open_date(), **PERSON, pickup_address=address)
    booked = call("POST", "public/guest-booking", order)
    assert booked.status_code == 201, booked.text
    booking = booked.json()["booking"]
    call("POST", "public/guest-booking", order | {"phone": "+12125550147x", "email": f"{EMAIL}@"})
    call("POST", "public/guest-booking", order | {"pickup_date": "2020-01-01"})
    call("GET", "public/manage", **{"X-Manage-Token": booked.json()["manage_token"][:-2]})
    call("POST", "payments/create-intent", {"booking_id": booking["id"], "customer_email": EMAIL})
    return booking["booking_number"], booking["id"]


def _live_in_an_account(call: Caller, house: House) -> None:
    """Register, verify, log in, be refused, change the password, log out."""
    registration = PERSON | {"password": PASSWORD, "password_confirm": PASSWORD}
    assert call("POST", "customer/register", registration).status_code == 201
    call("POST", "customer/register", registration | {"password": PASSWORD.lower()})
    call("POST", "customer/login", {"email": EMAIL, "password": PASSWORD})
    house.wait_until_nothing_is_owed()
    call("POST", "customer/verify-email", {"token": f"{call.mailed_token('verify_email')}x"})
    verified = call("POST", "customer/verify-email", {"token": call.mailed_token("verify_email")})
    assert verified.is_success, verified.text
    call("POST", "customer/register", registration)
    call("POST", "customer/login", {"email": EMAIL, "password": WRONG})
    login = call("POST", "customer/login", {"email": EMAIL, "password": PASSWORD}).json()
    token = login["access_token"]
    assert call("GET", "customer/profile", token=token).status_code == 200
    call("PATCH", "customer/profile", {"phone": "12", "first_name": "Wil\x07helmina"}, token=token)
    change = {"current_password": WRONG, "new_password": f"{PASSWORD}9"}
    call("POST", "customer/password/change", change, token=token)
    call("GET", "staff/profile", token=token)
    refresh = {"refresh_token": login["refresh_token"]}
    call("POST", "customer/token/refresh", refresh)
    call("POST", "customer/token/refresh", refresh)
    call("POST", "customer/password/reset", {"email": EMAIL})
    house.wait_until_nothing_is_owed()


def _work_at_the_desk(call: Caller, number: str, booking_id: str) -> None:
    """Log in, search for the customer, be refused what the business refuses."""
    call("POST", "staff/login", {"username": "root", "password": WRONG})
    login = call("POST", "staff/login", {"username": "root", "password": STAFF_PASSWORD}).json()
    token = login["access_token"]
    found = call("GET", f"staff/bookings?search={EMAIL}", token=token).json()["results"]
    assert [one["booking_number"] for one in found] == [number]
    call("GET", f"staff/bookings?search=Quastenflosser&page_size=0&who={EMAIL}", token=token)
    call("GET", f"staff/bookings/{booking_id}", token=token)
    call("POST", "staff/refunds", {"booking_id": booking_id, "reason": EMAIL}, token=token)
    # A problem repeats the path it is about, here the caller's own words: for the log alone.
    assert call.guest.http.get(f"/api/staff/nothing/{EMAIL}").status_code == 404
