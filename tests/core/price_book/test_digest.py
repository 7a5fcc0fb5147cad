import json
from copy import deepcopy

from tests.core.price_book.small_document import Document, rule, small_book, small_document
from totetaxi_core import PriceBook


def turned(value: object) -> object:
    """Return the same JSON with the fields of every object the other way round."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


def test_given_the_same_document_in_another_order_when_read_then_the_digest_is_the_same() -> None:
    document = small_document(surcharge_rules=[rule("a", weekdays=["monday"])])

    digests = {
        PriceBook.from_document(other).digest
        for other in (document, turned(document), json.loads(json.dumps(document)))
    }

    assert len(digests) == 1


def test_given_a_list_in_another_order_when_read_then_the_digest_differs() -> None:
    rules = [rule("a"), rule("b")]

    there = small_book(surcharge_rules=rules)
    back = small_book(surcharge_rules=rules[::-1])

    assert there.digest != back.digest


def test_given_one_cent_more_when_read_then_the_digest_differs() -> None:
    document: Document = small_document()
    dearer = deepcopy(document)

    dearer["fees"]["coi_cents"] += 1

    assert PriceBook.from_document(document).digest != PriceBook.from_document(dearer).digest


def test_given_a_book_read_again_when_its_version_differs_then_the_digest_is_the_same() -> None:
    document = small_document(title="Été à Montauk")

    first = PriceBook.from_document(document)
    second = PriceBook.from_document(json.loads(json.dumps(document)), version=2)

    assert first.digest == second.digest
    assert (first.version, second.version) == (1, 2)
    assert len(first.digest) == 64
