"""Known failures: one line each on standard error, and no traceback."""

import pytest

from tests.cli.conftest import Processes, Runner


def test_given_bad_settings_when_a_command_runs_then_each_is_named(totetaxi: Runner) -> None:
    refused = totetaxi("quote", PORT="http", LOG_LEVEL="loud")

    assert refused.code == 1
    assert [line.partition(":")[0] for line in refused.errors] == ["PORT", "LOG_LEVEL"]


@pytest.mark.parametrize("url", ["mysql://x:secret@h/db", "postgresql://x:secret@h:port/db"])
def test_given_no_postgres_address_when_a_command_runs_then_it_is_named_without_its_value(
    totetaxi: Runner, url: str
) -> None:
    refused = totetaxi("quote", DATABASE_URL=url)

    assert refused.code == 1
    assert refused.err == "DATABASE_URL: must be an address beginning postgresql://\n"


def test_given_no_database_there_when_a_command_runs_then_it_says_so(totetaxi: Runner) -> None:
    refused = totetaxi("quote", DATABASE_URL="postgresql://127.0.0.1:1/totetaxi")

    assert refused.code == 1
    assert refused.errors[0].startswith("database_unavailable: ")
    assert len(refused.errors) == 1


def test_given_production_without_its_settings_when_served_then_each_is_named(
    totetaxi: Runner,
) -> None:
    refused = totetaxi("serve", ENVIRONMENT="production")

    assert refused.code == 1
    assert "SECRET_KEY: must be set in production" in refused.errors
    assert "ALLOWED_HOSTS: must be set in production" in refused.errors


def test_given_a_known_failure_when_a_process_ends_then_there_is_no_traceback(
    processes: Processes,
) -> None:
    refused = processes.run("bookings", "show", "TT-00000000", "--as", "maria", PORT="65536")

    assert refused.code == 1
    assert refused.errors == ["PORT: must be from 0 to 65535"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("bookings", "list", "--from", "2026-13-01"), "'2026-13-01' is not a date such as"),
        (("bookings", "list", "--status", "lost"), "'lost' is not one of 'pending'"),
        (("bookings", "list", "--limit", "0"), "must be greater than or equal to 1"),
        (("refunds", "approve", "x", "--as", "lou"), "'ID': must be a UUID"),
    ],
)
def test_given_a_value_that_is_none_when_a_command_runs_then_it_says_so_in_our_words(
    totetaxi: Runner, command: tuple[str, ...], told: str
) -> None:
    refused = totetaxi(*command)

    assert refused.code == 2
    assert told in refused.err
    assert "Value error" not in refused.err
    assert "Input should" not in refused.err


def test_given_a_failure_of_ours_when_a_command_runs_then_it_is_not_hidden(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("totetaxi_cli.price_quote.quote_price", broken)

    with pytest.raises(ZeroDivisionError):
        totetaxi("quote")
