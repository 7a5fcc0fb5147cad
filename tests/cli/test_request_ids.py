"""A command bears an id as a request does: what it causes elsewhere can be followed back to it."""

import re

import psycopg

from tests.cli.conftest import Runner
from tests.cli.test_bookings import AS_MARIA, booked

ID = re.compile(r"cli-[0-9a-f]{12}")


def origins(totetaxi: Runner) -> list[str]:
    """Return the id that each owed effect came by, in the order they were owed."""
    with psycopg.connect(totetaxi.environ["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT origin ->> 'request_id' FROM owed_effects ORDER BY created_at, id"
        )
        return [row[0] for row in rows]


def test_given_two_commands_when_they_owe_effects_then_each_names_its_own_command(
    totetaxi: Runner,
) -> None:
    booked(totetaxi)
    first = set(origins(totetaxi))

    booked(totetaxi, email="bob@example.com", place=1)
    second = set(origins(totetaxi)) - first

    assert (len(first), len(second)) == (1, 1)
    assert all(ID.fullmatch(one) for one in first | second)


def test_given_a_command_when_it_acts_then_the_act_on_record_bears_the_id_of_its_effects(
    totetaxi: Runner,
) -> None:
    booked(totetaxi)

    acts = totetaxi("audit", "list", "--by", AS_MARIA[1], "--json").json["results"]

    assert {act["user_agent"].split()[-1] for act in acts} == set(origins(totetaxi))
