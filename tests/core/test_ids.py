import re
from random import Random

from totetaxi_core.ids import CROCKFORD, IdSource


def a_source(seed: int = 1) -> IdSource:
    return IdSource(Random(seed))  # noqa: S311  a seed, so that a run can be repeated


def test_given_a_source_when_ids_are_drawn_then_they_are_random_uuids_and_differ() -> None:
    ids = a_source()

    drawn = [ids.new_id() for _ in range(1_000)]

    assert len(set(drawn)) == 1_000
    assert {drawn_id.version for drawn_id in drawn} == {4}
    assert {drawn_id.variant for drawn_id in drawn} == {"specified in RFC 4122"}


def test_given_a_source_when_numbers_are_drawn_then_nobody_can_misread_them() -> None:
    ids = a_source()

    numbers = [ids.new_booking_number() for _ in range(1_000)]

    assert len(set(numbers)) == 1_000
    assert all(re.fullmatch("TT-[0-9A-HJKMNP-TV-Z]{8}", number) for number in numbers)
    assert set("".join(number[3:] for number in numbers)) == set(CROCKFORD)
    assert len(set(CROCKFORD)) == 32


def test_given_one_seed_when_drawn_twice_then_ids_and_numbers_repeat() -> None:
    first, second, other = a_source(), a_source(), a_source(2)

    drawn = [(ids.new_id(), ids.new_booking_number()) for ids in (first, second, other)]

    assert drawn[0] == drawn[1]
    assert drawn[0][0] != drawn[2][0]
    assert drawn[0][1] != drawn[2][1]
