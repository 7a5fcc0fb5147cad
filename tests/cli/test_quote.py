import pytest

from tests.cli.conftest import Runner

NOW = "2026-11-23T15:00:00Z"
MOVE = ("--service", "mini_move", "--date", "2026-12-01", "--time", "09:30", "--from", "10001")
PETITE = (*MOVE, "--package", "petite", "--to", "11937")


def test_given_a_mini_move_when_quoted_then_lines_and_total_are_shown(totetaxi: Runner) -> None:
    quoted = totetaxi("quote", *PETITE, "--packing", TOTETAXI_NOW=NOW)

    assert quoted.code == 0
    rows = [line.split() for line in quoted.out.splitlines()]
    assert ["base", "petite", "Petite", "1", "$995.00"] in rows
    assert ["total", "$1,045.00"] in rows
    assert ["price", "book", "version", "1"] in rows
    assert "bookable     yes" in quoted.out


def test_given_json_when_quoted_then_it_is_what_http_answers(totetaxi: Runner) -> None:
    quoted = totetaxi("quote", *PETITE, "--json", TOTETAXI_NOW=NOW)

    answer = quoted.json
    assert (answer["total_price_cents"], answer["total_price_dollars"]) == (99_500, "995.00")
    assert answer["breakdown"][0]["code"] == "petite"
    assert answer["quote_token"]
    assert answer["bookable"] is True


def test_given_every_option_when_quoted_then_each_has_its_line(totetaxi: Runner) -> None:
    quoted = totetaxi(
        "quote",
        *PETITE,
        *("--organizing", "petite-packing", "--organizing", "petite-unpacking"),
        *("--item", "peloton:2", "--item", "crib", "--unpacking", "--packing", "--coi"),
        *("--item-count", "4", "--email", "ada@example.com", "--json"),
        TOTETAXI_NOW=NOW,
    )

    lines = {line["code"]: line["quantity"] for line in quoted.json["breakdown"]}
    assert lines == {
        "petite": 1,
        "peloton": 2,
        "crib": 1,
        "petite-packing": 1,
        "petite-unpacking": 1,
        "packing": 1,
        "unpacking": 1,
        "coi": 1,
        "organizing-sales-tax": 1,
    }


def test_given_a_helicopter_when_quoted_then_weight_and_service_count(totetaxi: Runner) -> None:
    quoted = totetaxi(
        "quote",
        *("--service", "blade_delivery", "--blade", "manhattan-hamptons-express"),
        *("--weight-lb", "120", "--date", "2026-12-01", "--time", "09:30"),
        *("--from", "10001", "--to", "11937", "--json"),
        TOTETAXI_NOW=NOW,
    )

    assert quoted.json["breakdown"][0]["code"] == "manhattan-hamptons-express"


def test_given_a_same_day_delivery_when_quoted_then_it_is_added(totetaxi: Runner) -> None:
    quoted = totetaxi(
        "quote",
        *("--service", "standard_delivery", "--item-count", "3", "--same-day"),
        *("--date", "2026-12-01", "--time", "09:30", "--from", "10001", "--to", "11937", "--json"),
        TOTETAXI_NOW=NOW,
    )

    assert [line["code"] for line in quoted.json["breakdown"]] == ["standard_delivery", "same_day"]


def test_given_a_saturday_when_quoted_then_it_says_why_it_cannot_be_booked(
    totetaxi: Runner,
) -> None:
    saturday = [*PETITE, "--date", "2026-12-05"]

    quoted = totetaxi("quote", *saturday, TOTETAXI_NOW=NOW)

    assert quoted.code == 0
    assert "bookable     no: weekend" in quoted.out


def test_given_an_id_in_place_of_a_slug_when_quoted_then_it_is_taken(totetaxi: Runner) -> None:
    petite = "b45a5a21-11e4-5f50-b1fc-cdeb07853098"

    quoted = totetaxi("quote", *MOVE, "--package", petite, "--to", "11937", TOTETAXI_NOW=NOW)

    assert quoted.code == 0


def test_given_unknown_slugs_and_bad_fields_when_quoted_then_all_are_named_at_once(
    totetaxi: Runner,
) -> None:
    refused = totetaxi(
        "quote",
        *("--service", "mini_move", "--package", "petit", "--organizing", "dusting"),
        *("--item", "piano:x", "--date", "2026-02-30", "--from", "1", "--to", "11937"),
    )

    assert refused.code == 2
    assert refused.out == ""
    assert sorted(line.partition(":")[0] for line in refused.errors) == [
        "missing pickup_time",
        "not_a_date pickup_date",
        "not_a_zip_code pickup_zip",
        "unknown_slug --item",
        "unknown_slug --organizing",
        "unknown_slug --package",
        "wrong_type specialty_items.0.quantity",
    ]
    assert "petite, standard, full" in refused.err


def test_given_an_unknown_code_when_quoted_then_it_is_refused(totetaxi: Runner) -> None:
    refused = totetaxi("quote", *PETITE, "--code", "NOPE", TOTETAXI_NOW=NOW)

    assert refused.code == 2
    assert refused.err.startswith("discount_unavailable discount_code: ")


@pytest.mark.parametrize("wrong", [("--item-count", "many"), ("--nonsense",), ("extra",)])
def test_given_wrong_usage_when_run_then_the_exit_code_is_two(
    totetaxi: Runner, wrong: tuple[str, ...]
) -> None:
    refused = totetaxi("quote", *wrong)

    assert refused.code == 2
    assert "Usage: totetaxi quote" in refused.err
