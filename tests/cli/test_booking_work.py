"""What staff do with a booking all day, on the command line."""

import asyncio

import pytest

from tests.builders import a_customer
from tests.cli.conftest import Environ, Outcome, Runner, open_starts, order_of
from tests.cli.staffing import hire
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_core.customers.customer import Customer

AS_MARIA = ("--as", "maria")


def booked(totetaxi: Runner, *options: str, email: str = "ada@example.com", place: int = 0) -> str:
    """Book without beginning a payment, and return the booking's number."""
    order = order_of(*open_starts(totetaxi)[place], email=email)
    made = totetaxi("bookings", "create", *AS_MARIA, *order, "--no-intent", *options, "--json")
    assert made.code == 0, made.err
    number: str = made.json["booking"]["booking_number"]
    return number


def shown(totetaxi: Runner, number: str) -> Outcome:
    return totetaxi("bookings", "show", number, *AS_MARIA, "--json")


async def _store(database_url: str, customer: Customer) -> None:
    engine = open_engine(database_url)
    jobs = EffectJobs(create_job_app(database_url))
    async with PostgresUnitOfWork(engine, jobs=jobs) as uow:
        await uow.customers.add(customer)
        await uow.commit()
    await engine.dispose()


def test_given_cash_when_confirmed_started_and_completed_then_each_says_so_and_is_on_record(
    totetaxi: Runner,
) -> None:
    number = booked(totetaxi)

    confirmed = totetaxi("bookings", "confirm", number, "--cash", *AS_MARIA)
    started = totetaxi("bookings", "start", number, *AS_MARIA, "--json")
    completed = totetaxi("bookings", "complete", number, *AS_MARIA, "--notes", "with the doorman")
    balance = totetaxi("reports", "trial-balance")

    assert confirmed.out.startswith(f"confirmed {number}, $995.00 taken in cash at ")
    assert started.json["status"] == "in_progress"
    assert completed.out.startswith(f"completed {number} at ")
    file = shown(totetaxi, number).json
    assert [act["description"] for act in file["staff_acts"]] == [
        f"created {number}",
        f"confirmed {number}, 99500 cents taken in cash",
        f"started {number}",
        f"completed {number}: with the doorman",
    ]
    assert file["money"]["net_cents"] == 99_500
    assert "cash" in balance.out
    text = totetaxi("bookings", "show", number, *AS_MARIA).out
    assert "completed (UTC)" in text


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("start", "is pending and cannot become in progress"),
        ("complete", "is pending and cannot become completed"),
    ],
)
def test_given_a_pending_booking_when_moved_on_then_it_is_refused_in_one_line(
    totetaxi: Runner, command: str, said: str
) -> None:
    number = booked(totetaxi)

    refused = totetaxi("bookings", command, number, *AS_MARIA)

    assert (refused.code, refused.err) == (1, f"invalid_transition: booking {number} {said}\n")


def test_given_no_word_of_cash_when_confirmed_then_it_is_wrong_usage(totetaxi: Runner) -> None:
    refused = totetaxi("bookings", "confirm", "TT-00000000", *AS_MARIA)

    assert refused.code == 2
    assert "--cash" in refused.err


def test_given_accounts_when_somebody_confirms_in_cash_then_the_table_decides(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = booked(totetaxi)
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "maria", "operations", "--as", "root")
    hire(totetaxi, monkeypatch, "lou", "finance", "--as", "root")

    denied = totetaxi("bookings", "confirm", number, "--cash", *AS_MARIA)
    done = totetaxi("bookings", "confirm", number, "--cash", "--as", "lou")
    theirs = totetaxi("bookings", "start", number, "--as", "lou")

    assert (denied.code, denied.err) == (1, "permission_denied: maria may not confirm in cash\n")
    assert done.code == 0
    assert theirs.err == "permission_denied: lou may not edit bookings\n"


def test_given_words_when_noted_then_the_booking_shows_them(totetaxi: Runner) -> None:
    number = booked(totetaxi)

    noted = totetaxi("bookings", "note", number, "no elevator [sic]", *AS_MARIA)
    blank = totetaxi("bookings", "note", number, " ", *AS_MARIA)
    made = totetaxi("bookings", "note", number, "second", *AS_MARIA, "--json")

    assert noted.out.startswith(f"noted on {number} at ")
    assert (blank.code, blank.err.split(":")[0]) == (2, "bad_length text")
    assert made.json["text"] == "second"
    assert [note["text"] for note in shown(totetaxi, number).json["notes"]] == [
        "no elevator [sic]",
        "second",
    ]
    assert "no elevator [sic]" in totetaxi("bookings", "show", number, *AS_MARIA).out


def test_given_filters_when_listed_then_only_those_come(totetaxi: Runner) -> None:
    starts = open_starts(totetaxi)
    later = next(place for place, (day, _) in enumerate(starts) if day != starts[0][0])
    first = booked(totetaxi, email="eve@example.com")
    second = booked(totetaxi, place=later)

    def listed(*options: str) -> list[str]:
        answer = totetaxi("bookings", "list", *options, "--json")
        assert answer.code == 0, answer.err
        return [one["booking_number"] for one in answer.json["results"]]

    day = starts[later][0]
    assert listed("--from", day, "--to", day) == [second]
    assert listed("--to", starts[0][0]) == [first]
    assert listed("--search", "eve@") == [first]
    assert listed("--search", second.lower()) == [second]
    assert listed("--service", "mini_move") == [second, first]
    assert listed("--service", "blade_delivery") == []
    assert listed("--status", "pending", "--after", second) == [first]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "2026-02-30"),
        ("--service", "rocket"),
        ("--status", "lost"),
        ("--search", " "),
        ("--limit", "0"),
    ],
    ids=" ".join,
)
def test_given_a_wrong_value_when_listed_then_it_is_wrong_usage(
    totetaxi: Runner, wrong: tuple[str, str]
) -> None:
    refused = totetaxi("bookings", "list", *wrong)

    assert refused.code == 2
    assert wrong[0] in refused.err


def test_given_a_customer_when_booked_for_by_email_then_it_is_in_the_account(
    totetaxi: Runner, environ: Environ
) -> None:
    customer = a_customer()
    asyncio.run(_store(environ["DATABASE_URL"], customer))
    order = order_of(*open_starts(totetaxi)[0])
    less = order[: order.index("--first-name")]

    made = totetaxi("bookings", "create", *AS_MARIA, *less, "--customer", customer.email.upper())
    unknown = totetaxi("bookings", "create", *AS_MARIA, *less, "--customer", "no@example.com")
    both = totetaxi("bookings", "create", *AS_MARIA, *order, "--customer", customer.email)
    listed = totetaxi("bookings", "list", "--customer", customer.email, "--json").json["results"]

    assert made.code == 0, made.err
    assert [one["email"] for one in listed] == [customer.email]
    assert (unknown.code, unknown.err.split(":")[0]) == (1, "customer_not_found")
    assert {line.split(":")[0] for line in both.errors} == {
        f"conflicting {name}" for name in ("first_name", "last_name", "email", "phone")
    }


def test_given_a_price_adjusted_when_booked_then_the_total_and_the_link_are_told(
    totetaxi: Runner,
) -> None:
    order = order_of(*open_starts(totetaxi)[0])
    less = ("--adjust-cents", "-5000", "--adjust-reason", "apology")

    made = totetaxi("bookings", "create", *AS_MARIA, *order, "--no-intent", *less)
    half = totetaxi("bookings", "create", *AS_MARIA, *order, "--adjust-cents", "5")

    facts = dict(line.split("  ", 1) for line in made.out.splitlines())
    assert facts["total"].strip() == "$945.00"
    assert "/api/public/pay?manage_token=" in facts["payment link"]
    assert half.code == 2
