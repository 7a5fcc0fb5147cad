"""A list without an entry says so in a sentence, instead of showing bare headers."""

from tests.cli.conftest import Runner

SAID = {
    "audit list": "There is no such act.",
    "bookings list": "There is no such booking.",
    "codes list": "There is no discount code.",
    "customers list": "There is no such customer.",
    "customers vip": "There is no such customer.",
    "dispatch tasks list": "There is no such task.",
    "jobs list": "Nothing that is owed is in trouble.",
    "messages addresses list": "No address refuses what is sent to it.",
    "messages list": "There is no such message.",
    "payments list": "There is no such payment.",
    "pricebook history --after 1": "There is no older version.",
    "refunds list": "There is no such refund.",
    "schedule history": "The schedule was never changed.",
    "staff list": "There is no staff account yet: `totetaxi staff create` makes one.",
    "webhooks list": "There is no webhook.",
}


def test_given_nothing_when_listed_then_one_sentence_says_so_and_programs_get_an_empty_list(
    totetaxi: Runner,
) -> None:
    said = {command: totetaxi(*command.split()).out for command in SAID}
    told = [totetaxi(*command.split(), "--json").json["results"] for command in SAID]
    desk = totetaxi("dashboard", TOTETAXI_NOW="2026-12-01T09:00:00-05:00").out
    board = totetaxi("dispatch", "board", "2026-12-01").out

    assert said == {command: f"{sentence}\n" for command, sentence in SAID.items()}
    assert told == [[]] * len(SAID)
    assert desk.startswith("There is no pickup today, 2026-12-01.\n")
    assert board.startswith("Nothing is to be driven on 2026-12-01.\n")
