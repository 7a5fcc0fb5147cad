"""Every operation of the API, called by everybody: who gets in is what the table says."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from tests.adapters.ses.amazon import Amazon
from tests.core.bookings.account_holder import a_house_with_accounts
from tests.core.customers.customer_house import a_customer_with_password
from tests.http.customer.conftest import Service
from tests.http.echo import client_of
from tests.http.permission_expectations import BODIES, CUSTOMERS, DOORS, STAFF, Door, Whose
from tests.http.permission_people import (
    ANONYMOUS,
    CUSTOMER_A,
    CUSTOMER_B,
    DISABLED,
    People,
    keep_refusal,
    outcome,
    people_of,
    things_of,
)
from tests.http.service import operations, service_app
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.providers import onfleet_events, stripe_events
from totetaxi_adapters.settings import settings_from
from totetaxi_core.staff.permission import Permission, may
from totetaxi_http.dependencies import service_state

OPERATIONS = {f"{method.upper()} {path}": operation for method, path, operation in operations()}
Expect = Callable[[str, People], str]


# Made once: to make it takes longer than to walk through one of its doors.
APP = service_app(RATELIMIT_ENABLE="false")


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The one application, on a house of the test's own."""
    house = await a_house_with_accounts()
    async with CurrentBook.following(house.ports) as current_book:
        APP.state.update(
            service_state(
                ports=house.ports,
                current_terms=CurrentTerms(house.ports, house.terms),
                credentials=house.credentials,
                current_book=current_book,
                events=stripe_events(settings_from({})),
                courier_events=onfleet_events(settings_from({})),
                publishable_key="pk_test_walk",
                ses_notices=Amazon().reader(),
            )
        )
        yield Service(app=APP, house=house)


def of_staff(needed: Permission | None) -> Expect:
    def expect(name: str, people: People) -> str:
        if name in (ANONYMOUS, DISABLED):
            return "401"
        account = people.staff.get(name)
        is_let_in = account is not None and (needed is None or may(account, needed))
        return "in" if is_let_in else "403"

    return expect


def of_customers(whose: Whose) -> Expect:
    def expect(name: str, people: People) -> str:
        if name == ANONYMOUS:
            return "401"
        if name in people.staff or name == DISABLED:
            return "403"
        return "404" if whose is Whose.OWN and name == CUSTOMER_B else "in"

    return expect


def of_door(door: Door) -> Expect:
    def expect(name: str, people: People) -> str:
        if door is not Door.PAYER:
            return "in" if door is Door.ANYBODY else "401"
        known = {ANONYMOUS: "401", DISABLED: "401", CUSTOMER_B: "404", CUSTOMER_A: "in"}
        if name in known:
            return known[name]
        return "in" if may(people.staff[name], Permission.EDIT_BOOKINGS) else "403"

    return expect


EXPECTED: Mapping[str, Expect] = {
    **{operation: of_door(door) for operation, door in DOORS.items()},
    **{operation: of_customers(whose) for operation, whose in CUSTOMERS.items()},
    **{operation: of_staff(needed) for operation, needed in STAFF.items()},
}


def test_given_the_document_when_walked_then_every_operation_has_one_expectation() -> None:
    told = [*DOORS, *CUSTOMERS, *STAFF]

    assert set(told) == set(OPERATIONS)
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("name", "operation"), OPERATIONS.items(), ids=[name.replace("/api", "") for name in OPERATIONS]
)
async def test_given_an_operation_when_everybody_calls_it_then_only_they_get_in_who_may(
    service: Service, name: str, operation: Mapping[str, Any]
) -> None:
    owner = await service.house.take_in(a_customer_with_password("owner@example.com"))
    things = await things_of(owner, service.house)
    people = await people_of(service.house, owner)
    method, path = name.split(" ")
    body = things.body(operation, **BODIES.get(name, {}))

    outcomes: dict[str, str] = {}
    async with client_of(service.app) as http:
        for caller in people:
            await keep_refusal(things, service.house)
            answer = await http.request(
                method,
                things.path(path),
                params=things.query(operation),
                json=body,
                headers=people.headers(caller),
            )
            outcomes[caller] = outcome(answer)

    assert outcomes == {caller: EXPECTED[name](caller, people) for caller in people}
