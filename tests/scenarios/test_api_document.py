"""The document is what the service does: generated requests find no answer it does not name."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.builders import a_customer
from tests.core.staff.staffing import new_staff
from tests.scenarios.guest import Json, an_order
from tests.scenarios.house import House
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.staff.manage_staff import create_staff
from totetaxi_core.staff.role import Role

SEED: Final = 20261122
EXAMPLES: Final = 60 if "TOTETAXI_SOAK" in os.environ else 4
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
CONTACT: Final = ("first_name", "last_name", "email", "phone")
PEOPLE: Final = ("ada", "bob")
# Not that of the examples: they would change it.
PASSWORD: Final = "Battery-staple-9"


def test_given_the_document_when_requests_are_generated_from_it_then_every_answer_is_in_it(
    empty_house: House, tmp_path: Path
) -> None:
    empty_house.start()
    asyncio.run(_let_in(empty_house.database_url))
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(_settings(empty_house))

    run = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(settings)),
            *("run", f"{empty_house.url}/schema/openapi.json", "--no-color", "--seed", str(SEED)),
            *("--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES)),
            *("--generation-database", "none", "--output-sanitize", "false", "--workers", "2"),
            *("--continue-on-failure", "--suppress-health-check", "all"),
        ],
        cwd=tmp_path,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-20_000:]
    assert "Stateful" in run.stdout


async def _let_in(database_url: str) -> None:
    """Hire two admins and open two accounts: one of each logs out while the other works."""
    async with wired(settings_from({}), database_url, sandbox_url="http://127.0.0.1:1") as wiring:
        credentials, root = wiring.credentials, None
        hashed = await credentials.passwords.hash(PASSWORD)
        for name in PEOPLE:
            new = replace(new_staff(name, Role.ADMIN), password=PASSWORD)
            root = await create_staff(new, wiring.ports, credentials, by=root)
            async with wiring.ports.unit_of_work() as uow:
                email = f"{name}@example.com"
                await uow.customers.add(a_customer(email=email, password_hash=hashed))
                await uow.commit()


def _settings(house: House) -> str:
    """Return who calls what, and which booking is asked for where one is."""
    booked, paid = (house.guest.books(an_order(house.next_open_date())) for _ in range(2))
    house.stripe.pay(paid.intent_id)
    house.wait_for_status(paid.id, "confirmed")
    staff = [_token(house, "staff", {"username": name, "password": PASSWORD}) for name in PEOPLE]
    customers = [
        _token(house, "customer", {"email": f"{name}@example.com", "password": PASSWORD})
        for name in PEOPLE
    ]
    own = _booked(house, customers[0])
    return "\n".join(
        [
            _operations("^/api/(staff|payments)/(?!logout)", staff[0], booking_id=paid.id),
            _operations("^/api/customer/(?!logout)", customers[0], booking_id=own["id"]),
            _operations("^/api/staff/logout", staff[1]),
            _operations("^/api/customer/logout", customers[1]),
            _operations("^/api/public/(manage|pay)", {"X-Manage-Token": booked.manage_token}),
        ]
    )


def _token(house: House, audience: str, body: Mapping[str, str]) -> dict[str, str]:
    answer = house.guest.post(f"{audience}/login", body)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _booked(house: House, headers: Mapping[str, str]) -> Json:
    """Book into the account whose header it is."""
    order = an_order(house.next_open_date())
    body = {name: order[name] for name in order if name not in CONTACT}
    answer = house.guest.post("customer/bookings", body, headers)
    booking: Json = answer.json()["booking"]
    return booking


def _operations(path: str, headers: Mapping[str, str], **parameters: str) -> str:
    lines = [
        "[[operations]]",
        f"include-path-regex = '{path}'",
        f"headers = {_inline(headers)}",
        f"parameters = {_inline(parameters)}",
    ]
    return "\n".join(lines)


def _inline(values: Mapping[str, str]) -> str:
    listed = ", ".join(f'{name} = "{value}"' for name, value in values.items())
    return f"{{ {listed} }}"
