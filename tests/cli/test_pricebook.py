from tests.cli.conftest import Runner
from totetaxi_core.price_book import PriceBook


def test_given_the_default_book_when_shown_then_its_prices_are_readable(totetaxi: Runner) -> None:
    shown = totetaxi("pricebook", "show")

    rows = [line.split() for line in shown.out.splitlines()]
    assert shown.code == 0
    assert ["petite", "Petite", "$995.00", "15", "2"] in rows
    assert next(row[:3] for row in rows if row and row[0] == "weekend-mini_move") == [
        "weekend-mini_move",
        "$175.00",
        "mini_move",
    ]
    assert any(row[-3:] == ["8.25", "%", "organizing"] for row in rows)


def test_given_json_when_shown_then_it_is_the_document_itself(totetaxi: Runner) -> None:
    shown = totetaxi("pricebook", "show", "--json")

    assert PriceBook.from_document(shown.json).digest == PriceBook.default().digest
