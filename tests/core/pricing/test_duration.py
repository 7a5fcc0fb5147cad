from uuid import UUID

import pytest

from tests.core.price_book.small_document import id_of, small_book
from totetaxi_core import InvalidInputError, ServiceType
from totetaxi_core.pricing.duration import ServiceChoice, hours_of

BOOK = small_book()
MOVE, DELIVERY = ServiceType.MINI_MOVE, ServiceType.STANDARD_DELIVERY
ORGANIZING, BLADE = ServiceType.ORGANIZING_ONLY, ServiceType.BLADE_DELIVERY


def choice(
    service: ServiceType | None,
    *,
    package: str | None = None,
    organizing: tuple[str, ...] = (),
    blade: str | None = None,
) -> ServiceChoice:
    return ServiceChoice(
        service_type=service,
        mini_move_package_id=_id(package),
        organizing_service_ids=tuple(id_of(slug) for slug in organizing),
        blade_service_id=_id(blade),
    )


def _id(slug: str | None) -> UUID | None:
    return id_of(slug) if slug else None


@pytest.mark.parametrize(
    ("chosen", "hours"),
    [
        (choice(None), 2),
        (choice(MOVE, package="petite"), 2),
        (choice(MOVE, package="roomy"), 3),
        (choice(MOVE, package="petite", organizing=("pack", "unpack")), 2 + 4 + 5),
        (choice(DELIVERY), 1),
        (choice(ORGANIZING, organizing=("pack",)), 4),
        (choice(ORGANIZING, organizing=("pack", "unpack")), 9),
        (choice(BLADE, blade="heli"), 2),
        (choice(None, package="roomy"), 3),
        (choice(None, organizing=("pack",)), 2 + 4),
    ],
)
def test_given_a_choice_when_asked_then_its_hours_are_those_of_all_its_parts(
    chosen: ServiceChoice, hours: int
) -> None:
    assert hours_of(chosen, BOOK) == hours


@pytest.mark.parametrize(
    ("chosen", "hours"),
    [
        (choice(MOVE), 3),
        (choice(MOVE, organizing=("unpack",)), 3 + 5),
        (choice(ORGANIZING), 5),
        (choice(BLADE), 2),
    ],
)
def test_given_what_is_open_when_asked_then_it_is_taken_at_its_longest(
    chosen: ServiceChoice, hours: int
) -> None:
    assert hours_of(chosen, BOOK) == hours


def test_given_only_retired_packages_when_asked_then_it_is_two_hours() -> None:
    document = {"id": str(id_of("old")), "slug": "old", "name": "Old", "base_price_cents": 1}
    book = small_book(mini_move_packages=[{**document, "is_active": False, "estimated_hours": 9}])

    assert hours_of(choice(MOVE), book) == 2


def test_given_bad_ids_when_asked_then_every_one_is_named() -> None:
    chosen = choice(MOVE, package="retired-package", organizing=("pack", "retired-pack", "no-such"))

    with pytest.raises(InvalidInputError) as refused:
        hours_of(chosen, BOOK)

    assert [(fault.field, fault.code) for fault in refused.value.faults] == [
        ("mini_move_package_id", "unavailable"),
        ("organizing_service_ids.1", "unavailable"),
        ("organizing_service_ids.2", "unavailable"),
    ]


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (choice(DELIVERY, package="petite"), "mini_move_package_id"),
        (choice(DELIVERY, organizing=("pack",)), "organizing_service_ids"),
        (choice(MOVE, blade="heli"), "blade_service_id"),
        (choice(ORGANIZING, package="petite"), "mini_move_package_id"),
        (choice(BLADE, organizing=("pack",)), "organizing_service_ids"),
    ],
)
def test_given_an_id_of_another_service_when_asked_then_it_does_not_apply(
    chosen: ServiceChoice, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        hours_of(chosen, BOOK)

    assert [(fault.field, fault.code) for fault in refused.value.faults] == [
        (field, "not_applicable")
    ]
