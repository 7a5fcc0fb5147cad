"""Orders that break the house's rules: a 400 that names every field, and nothing is stored."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.scenarios.guest import Guest, Json, an_order
from tests.scenarios.house import House, open_house
from tests.scenarios.orders import (
    ACCEPTED,
    AT_THE_CUTOFF,
    BEFORE_THE_CUTOFF,
    BOOK,
    PELOTON,
    REFUSED,
    RETIRED_ITEM,
    RETIRED_PACKAGE,
    TOMORROW,
    WEDNESDAY,
)


@pytest.fixture(scope="module")
def monday_house(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house half an hour before the cutoff; one package and one item are not sold any more."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as house:
        house.start("service_without_worker", TOTETAXI_NOW=BEFORE_THE_CUTOFF)
        sections = {
            "mini_move_packages": _retired("mini_move_packages", RETIRED_PACKAGE),
            "specialty_items": _retired("specialty_items", RETIRED_ITEM),
        }
        house.publish(sections, now=BEFORE_THE_CUTOFF)
        yield house


@pytest.fixture
def monday(monday_house: House) -> Guest:
    return monday_house.guest


@pytest.mark.parametrize("name", REFUSED)
def test_given_an_order_that_breaks_rules_when_sent_then_each_field_is_named_and_nothing_stored(
    monday_house: House, name: str
) -> None:
    changes, faults = REFUSED[name]
    stored = monday_house.rows("SELECT id FROM bookings")

    answer = monday_house.guest.book(_order(**changes))

    details = answer.json()["details"]
    assert answer.status_code == 400
    assert {(detail["field"], detail["code"]) for detail in details} == faults
    assert len(details) == len(faults)
    assert monday_house.rows("SELECT id FROM bookings") == stored


@pytest.mark.parametrize("name", ACCEPTED)
def test_given_an_order_at_the_edge_of_the_rules_when_sent_then_it_is_booked(
    monday: Guest, name: str
) -> None:
    answer = monday.book(_order(**ACCEPTED[name]))

    assert answer.status_code == 201, answer.text


def test_given_the_same_item_twice_when_booked_then_it_is_one_line(monday: Guest) -> None:
    items = [{"id": PELOTON}, {"id": PELOTON, "quantity": 2}]

    booking = monday.book(_order(specialty_items=items)).json()["booking"]

    lines = [line for line in booking["breakdown"] if line["kind"] == "specialty"]
    assert [(line["code"], line["quantity"]) for line in lines] == [("peloton", 3)]


def test_given_six_o_clock_when_tomorrow_is_booked_then_the_notice_is_too_short(
    monday_house: House,
) -> None:
    guest = monday_house.start_another(TOTETAXI_NOW=AT_THE_CUTOFF)

    answer = guest.book(_order(pickup_date=TOMORROW))
    days = guest.get("public/calendar/availability", start_date=TOMORROW, end_date=WEDNESDAY)
    preview = guest.preview(_order(pickup_date=TOMORROW))

    details = answer.json()["details"]
    assert [(each["field"], each["code"]) for each in details] == [("pickup_date", "notice")]
    assert [day["reason"] for day in days.json()["days"]] == ["notice", None]
    assert preview["refusal_codes"] == ["notice"]


@pytest.mark.parametrize("name", [n for n in REFUSED if "addresses the same" not in n])
def test_given_the_same_order_when_previewed_then_its_pricing_faults_are_named_alike(
    monday: Guest, name: str
) -> None:
    changes, faults = REFUSED[name]
    schedule = {"pickup_date", "pickup_time"}
    contact = {"first_name", "phone", "item_description"}
    expected = {fault for fault in faults if fault[0] not in schedule | contact}
    fields = {k: v for k, v in _order(**changes).items() if k in _preview_fields()}

    answer = monday.post("public/pricing-preview/", fields)

    named = {(each["field"], each["code"]) for each in answer.json().get("details", [])}
    assert (answer.status_code, named) == (400 if expected else 200, expected)


def _preview_fields() -> set[str]:
    body = _order()
    others = {"first_name", "last_name", "phone", "item_description", "create_payment_intent"}
    return (set(body) - others) | {
        "organizing_service_id",
        "organizing_service_ids",
        "blade_service_id",
        "item_count",
        "specialty_items",
        "include_packing",
        "same_day",
        "total_weight_lb",
    }


def _order(**changes: object) -> Json:
    """Book for a day whose crews no other test takes."""
    return an_order(next(_days), **{"create_payment_intent": False, **changes})


def _weekdays() -> Iterator[str]:
    while True:
        for week in ("2027-01-1", "2027-02-0", "2027-03-0", "2027-04-0"):
            yield from (f"{week}{day}" for day in _OPEN[week])


_OPEN: Final = {"2027-01-1": "12345", "2027-02-0": "12345", "2027-03-0": "12345", "2027-04-0": "12"}
_days: Final = _weekdays()


def _retired(section: str, entry_id: str) -> list[Json]:
    """Return a section of the default book in which one entry is not offered any more."""
    entries = BOOK.document[section]
    assert isinstance(entries, list)
    return [{**each, "is_active": each["id"] != entry_id} for each in entries]
